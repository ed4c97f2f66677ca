"""A system in Django, with mozilla-django-oidc (`mozilla`) or with django-clave-unica (`clave-unica`), whose three addresses are ours.

Environment: PORT, ISSUER, CLIENT_ID, CLIENT_SECRET, FOLDER (for its database).
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.http import JsonResponse
from django.urls import include, path

OURS = os.environ["ISSUER"]
HERE = f"http://127.0.0.1:{os.environ['PORT']}"
IS_MOZILLA = sys.argv[1] == "mozilla"

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DEBUG=True,
    SECRET_KEY=os.urandom(32).hex(),
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(os.environ["FOLDER"], "django.db")}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "mozilla_django_oidc" if IS_MOZILLA else "clave_unica_auth",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    AUTHENTICATION_BACKENDS=[
        "mozilla_django_oidc.auth.OIDCAuthenticationBackend" if IS_MOZILLA else "django.contrib.auth.backends.ModelBackend"
    ],
    LOGIN_REDIRECT_URL="/",
    # mozilla-django-oidc
    OIDC_RP_CLIENT_ID=os.environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_RP_SCOPES="openid run name email",
    OIDC_USE_PKCE=True,
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{OURS}/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{OURS}/token",
    OIDC_OP_USER_ENDPOINT=f"{OURS}/userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{OURS}/jwks",
    # django-clave-unica
    CLAVE_UNICA={
        "CLIENT_ID": os.environ["CLIENT_ID"],
        "CLIENT_SECRET": os.environ["CLIENT_SECRET"],
        "REDIRECT_URI": f"{HERE}/volver",
        "PATH_LOGIN": "entrar",
        "PATH_REDIRECT": "volver",
        "PATH_SUCCESS_LOGIN": "/",
        "URL_LOGIN": f"{OURS}/authorize",
        "TOKEN_URI": f"{OURS}/token",
        "USERINFO_URI": f"{OURS}/userinfo",
    },
)
django.setup()


def home(request):
    """Who is signed in."""
    user = request.user
    names = {"first_name": user.first_name, "last_name": user.last_name} if user.is_authenticated else {}
    return JsonResponse({"user": user.get_username(), "email": getattr(user, "email", ""), **names})


if IS_MOZILLA:
    from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

    # Its own names, at addresses like those of the other clients here.
    own = [
        path("entrar", OIDCAuthenticationRequestView.as_view(), name="oidc_authentication_init"),
        path("volver", OIDCAuthenticationCallbackView.as_view(), name="oidc_authentication_callback"),
    ]
else:
    own = [path("", include("clave_unica_auth.urls"))]
urlpatterns = [path("", home), *own]

call_command("migrate", verbosity=0)
call_command("runserver", f"127.0.0.1:{os.environ['PORT']}", use_reloader=False)
