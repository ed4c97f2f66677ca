//! `public_url`: where people reach the service, the base of links in mails and what forms must come from.

use url::Url;

/// The origin of a URL: scheme, host, and port unless it is the usual one. A final slash, capitals, and the full stop that a name server
/// writes behind a host are understood.
///
/// # Errors
/// Why it is not the address of a whole host, which is what the pages need.
pub(super) fn parse(text: &str) -> Result<String, &'static str> {
    const FORM: &str = "must be http(s)://HOST";
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).ok_or(FORM)?;
    // Url would repair these without a word.
    if rest.is_empty()
        || rest.starts_with('/')
        || text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\')
    {
        return Err(FORM);
    }
    let mut url = Url::parse(text).map_err(|_| FORM)?;
    // Browsers send the origin as it was typed, and nobody types the full stop.
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        if host.is_empty() || host.ends_with('.') {
            return Err(FORM);
        }
        url.set_host(Some(&host)).map_err(|_| FORM)?;
    }
    if !url.has_host() || url.port() == Some(0) {
        return Err(FORM);
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || rest.split('/').next().is_some_and(|host| host.contains('@'))
    {
        return Err("must have no user and no password: http(s)://HOST");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end behind the host, without ? and #: http(s)://HOST");
    }
    if url.path().bytes().any(|b| b != b'/') {
        return Err(
            "must have no path: the pages stand at the root of their host, so give the service a host of its own, such as \
                    https://clave.ejemplo.cl",
        );
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_public_url_is_the_address_of_a_host() {
        for (text, read) in [
            ("https://clave.ejemplo.cl", "https://clave.ejemplo.cl"),
            ("https://clave.ejemplo.cl/", "https://clave.ejemplo.cl"),
            ("https://clave.ejemplo.cl//", "https://clave.ejemplo.cl"),
            ("HTTPS://Clave.Ejemplo.CL", "https://clave.ejemplo.cl"),
            ("https://clave.ejemplo.cl.", "https://clave.ejemplo.cl"),
            ("https://Clave.Ejemplo.cl./", "https://clave.ejemplo.cl"),
            ("https://clave.ejemplo.cl.:8443", "https://clave.ejemplo.cl:8443"),
            ("https://h.", "https://h"),
            ("https://clave.ejemplo.cl:443/", "https://clave.ejemplo.cl"),
            ("https://clave.ejemplo.cl:", "https://clave.ejemplo.cl"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("https://clave.ejemplo.cl:8443", "https://clave.ejemplo.cl:8443"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://ñandú.cl", "https://xn--and-6ma2c.cl"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(read), "{text}");
        }
    }

    #[test]
    fn what_is_half_followed_is_refused_with_its_reason() {
        for (text, reason) in [
            ("https://clave.ejemplo.cl/clave", "must have no path"),
            ("https://clave.ejemplo.cl/clave/", "must have no path"),
            ("https://clave.ejemplo.cl//clave", "must have no path"),
            ("https://clave.ejemplo.cl/%20", "must have no path"),
            ("https://clave.ejemplo.cl?a=b", "must end behind the host"),
            ("https://clave.ejemplo.cl/?", "must end behind the host"),
            ("https://clave.ejemplo.cl/#inicio", "must end behind the host"),
            ("https://usuario:clave@clave.ejemplo.cl", "must have no user"),
            ("https://usuario@clave.ejemplo.cl/", "must have no user"),
            ("https://@clave.ejemplo.cl/", "must have no user"),
            ("https://", "must be http(s)://HOST"),
            ("https:///clave", "must be http(s)://HOST"),
            ("https:clave.ejemplo.cl", "must be http(s)://HOST"),
            ("https:/clave.ejemplo.cl", "must be http(s)://HOST"),
            ("https://.", "must be http(s)://HOST"),
            ("https://h..", "must be http(s)://HOST"),
            ("https://:443", "must be http(s)://HOST"),
            ("https://?a", "must be http(s)://HOST"),
            ("https://clave ejemplo.cl", "must be http(s)://HOST"),
            ("https://clave\\x", "must be http(s)://HOST"),
            ("https://clave.ejemplo.cl:0", "must be http(s)://HOST"),
            ("https://clave.ejemplo.cl:99999", "must be http(s)://HOST"),
            ("//clave.ejemplo.cl", "must be http(s)://HOST"),
            ("clave.ejemplo.cl", "must be http(s)://HOST"),
            ("ftp://clave.ejemplo.cl", "must be http(s)://HOST"),
            ("", "must be http(s)://HOST"),
        ] {
            let error = parse(text).err().unwrap_or_default();
            assert!(error.starts_with(reason), "{text}: {error}");
        }
    }
}
