"""A system that lets people enter with Authlib: `/entrar` sends them away, `/volver` shows the claims.

Environment: PORT, ISSUER, CLIENT_ID, CLIENT_SECRET.
"""

import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.urandom(32)
sence = OAuth(app).register(
    "sence",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid run name email", "code_challenge_method": "S256"},
)


@app.get("/entrar")
def enter():
    return sence.authorize_redirect(url_for("returned", _external=True))


@app.get("/volver")
def returned():
    """Fetches the tokens; Authlib checks state, nonce, issuer, signature, audience and time."""
    token = sence.authorize_access_token()
    session["claims"] = {"id_token": token["userinfo"], "userinfo": sence.userinfo(token=token)}
    return redirect(url_for("home"))


@app.get("/")
def home():
    return jsonify(session.get("claims", {}))


app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
