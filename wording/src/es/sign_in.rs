//! Sign-in for other systems, and “Mi cuenta”.

use domain::openid::scope::Scope;

use crate::catalogue::Headed;
use crate::catalogue::sign_in::{Account, Example, SignIn, SignOut};

pub(super) const SIGN_IN: SignIn = SignIn {
    heading: |system| format!("Ingresar a {system}"),
    comes_from: |system, host| format!("Escriba su clave solo en esta página. {system} ({host}) no la verá."),
    other_kinds: "¿Entra con otra clave?",
    key: "Clave Sence",
    key_hint: "Las mayúsculas cuentan.",
    enter: "Ingresar",
    no_key: "¿No tiene clave?",
    back: |system| match system {
        Some(system) => format!("Volver a {system}"),
        None => "Volver al inicio".to_owned(),
    },
    shared: |what| format!("Se comparte: {}.", what.join(", ")),
    scope: |scope| match scope {
        Scope::Run => Some("RUN o documento"),
        Scope::Name => Some("nombre"),
        Scope::Email => Some("correo"),
        Scope::OfflineAccess => Some("acceso cuando usted no está"),
        Scope::Openid => None,
    },
    session: "Usted ya entró en este navegador",
    session_text: "Si el equipo no es suyo, o usted es otra persona, use otra cuenta.",
    go_on_as: |name| format!("Continuar como {name}"),
    other_account: "Usar otra cuenta",
    consent: |system| format!("{system} pide estos datos suyos"),
    consent_text: |system| {
        format!("{system} no recibe su clave. Puede desconectarlo cuando quiera en «Mi cuenta».")
    },
    agree: "Continuar y compartir",
    expired: Headed {
        heading: "Este ingreso venció",
        text: "Se acabó su tiempo, ya se usó, o lo abrió en otro navegador. No perdió nada: empiece otra vez desde el sistema.",
    },
    again: |system| format!("Volver a empezar en {system}"),
    again_unknown: "Vuelva a la página del sistema y presione su botón para ingresar.",
    done: Headed {
        heading: "Usted ya ingresó",
        text: "Este ingreso se usó una vez. Si el sistema no se abrió, empiece otra vez desde ahí.",
    },
    left: Headed {
        heading: "Este ingreso terminó",
        text: "Volvió al sistema sin ingresar. Si quiere ingresar, empiece otra vez desde ahí.",
    },
    go_on_to: |system| format!("Continuar a {system}"),
    go_on_text: "Ahí escriba su clave otra vez.",
    unknown: Headed {
        heading: "No podemos abrir este ingreso",
        text: "El sistema que lo envió no está registrado en Clave SENCE, o pidió volver a otra dirección. Avise a quien \
               administra ese sistema; no escriba su clave en otra página.",
    },
    account: Account {
        heading: "Mi cuenta",
        who: |name| format!("Entró como {name}."),
        systems: "Mis sistemas conectados",
        no_systems: "No hay sistemas conectados.",
        used: |first, last| format!("Primera vez: {first}. Última vez: {last}."),
        disconnect: "Desconectar",
        disconnect_from: |system| format!("Desconectar {system}"),
        sign_out: "Cerrar sesión",
        everywhere: "Cerrar sesión en todas partes",
        everywhere_text: "También en otros equipos. Un sistema puede seguir abierto: ciérrelo ahí también.",
        signed_out: Headed {
            heading: "Cerró su sesión",
            text: "Para entrar otra vez hay que escribir la clave. Un sistema puede seguir abierto: ciérrelo ahí también.",
        },
    },
    sign_out: SignOut {
        ask: "¿Cerrar su sesión?",
        sent_by: |system| format!("{system} pide cerrar su sesión."),
        text: "Se cierra en este navegador, y avisamos a los sistemas que lo pidieron. Los demás ciérrelos usted.",
        stay: "No cerrar",
        over: Headed {
            heading: "Sesión cerrada",
            text: "Para entrar otra vez hay que escribir la clave. Un sistema puede seguir abierto: ciérrelo ahí también.",
        },
    },
    example: Example {
        name: "Sistema de ejemplo",
        text: "Así se ve un sistema que usa Clave SENCE. Solo existe en la demostración.",
        enter: "Ingresar con Clave SENCE",
        received: "El sistema recibió estos datos:",
        failed: |why| format!("El sistema no recibió datos ({why})."),
    },
};
