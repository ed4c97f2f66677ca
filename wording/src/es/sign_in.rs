//! Sign-in for other systems, and “Mi cuenta”.

use domain::kind::Kind;

use crate::catalogue::Headed;
use crate::catalogue::sign_in::{Account, Example, Share, SignIn, SignInCode, SignOut};
use crate::facts::unbroken_help_line;

/// After any end of a session.
const SIGNED_OUT: Headed = Headed {
    heading: "Sesión cerrada",
    text: "Para entrar otra vez hay que escribir la clave. Un sistema puede seguir abierto: ciérrelo ahí también.",
};

pub(super) const SIGN_IN: SignIn = SignIn {
    heading: |system| format!("Ingresar a {system}"),
    comes_from: |system, host| format!("Escriba su clave solo en esta página. {system} ({host}) no la verá."),
    other_kinds: "¿Entra como?",
    key: "Clave Sence",
    key_hint: |kind| match kind {
        Kind::Juridica => "La clave de la empresa. Las mayúsculas cuentan.",
        Kind::Natural | Kind::Migrante | Kind::Facilitador => "Las mayúsculas cuentan.",
    },
    enter: "Ingresar",
    no_key: "¿No tiene clave?",
    back: |system| match system {
        Some(system) => format!("Volver a {system}"),
        None => "Volver al inicio".to_owned(),
    },
    shared: |what| format!("Se comparte: {}.", what.join(" · ")),
    share: Share {
        item: |what, value| format!("{what}: {value}"),
        identifier: |kind| match kind {
            Kind::Natural => "Su RUT",
            Kind::Migrante => "Su NIE",
            Kind::Juridica => "RUT de la empresa",
            Kind::Facilitador => "Su documento",
        },
        representative: "RUT del representante legal",
        name: |kind| match kind {
            Kind::Juridica => "Razón social",
            Kind::Natural | Kind::Migrante | Kind::Facilitador => "Su nombre",
        },
        name_if_known: |kind| match kind {
            Kind::Juridica => "Razón social",
            Kind::Natural | Kind::Migrante | Kind::Facilitador => "Su nombre, si lo tenemos",
        },
        email: |kind| match kind {
            Kind::Juridica => "Correo de la empresa",
            Kind::Natural | Kind::Migrante | Kind::Facilitador => "Su correo",
        },
        offline: "Seguir conectado aunque usted no esté usando el sistema",
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
    code: SignInCode {
        comes: "Este sistema pide además un código. Se lo enviaremos a su correo.",
        heading: "Escriba el código de su correo",
        type_it: |system, minutes| {
            format!(
                "{system} pide este código además de su clave. Vale {minutes} minutos, solo en esta página."
            )
        },
        field: "Código",
        not_arrived: "¿No llegó? Mire en «No deseados» o «Spam».",
        another: "Enviar otro código",
        no_mail: "No podemos enviarle el código",
        capped: "Ya se enviaron muchos mensajes a su correo, o desde su conexión a Internet. Intente otra vez en una hora o mañana.",
        try_again: "Enviar el código",
        wants: |system| {
            format!("Su clave es correcta, pero {system} pide además un código que enviamos por correo.")
        },
        without: |kind, doubted| match (kind, doubted) {
            (Kind::Natural | Kind::Migrante, false) => {
                "Su cuenta no tiene correo. Agréguelo en «Actualizar datos», vuelva a esta página y pida el código."
            }
            (Kind::Natural | Kind::Migrante, true) => {
                "No sabemos si el correo de su cuenta es suyo. Recupere su clave con su documento de identidad y escriba ahí su \
                 correo. Después empiece otra vez desde el sistema."
            }
            (Kind::Juridica, _) => {
                "La cuenta de la empresa no tiene un correo que podamos usar. Recupere la clave con la cédula del representante \
                 legal y escriba ahí el correo. Después empiece otra vez desde el sistema."
            }
            (Kind::Facilitador, _) => {
                "Su cuenta no tiene un correo que podamos usar. Pida a su empresa que haga una nueva solicitud para facilitador \
                 extranjero."
            }
        },
    },
    refuse: |system| format!("No compartir y volver a {system}"),
    expired: Headed {
        heading: "Este ingreso venció",
        text: "Se acabó su tiempo, ya se usó, o lo abrió en otro navegador. No perdió nada: empiece otra vez desde el sistema.",
    },
    again: |system| format!("Volver a empezar en {system}"),
    again_unknown: "Vuelva a la página del sistema y presione su botón para ingresar.",
    done: Headed {
        heading: "Usted ya ingresó",
        text: "Siga en el sistema. Si no se abrió, empiece otra vez desde ahí.",
    },
    left: Headed {
        heading: "Este ingreso terminó",
        text: "Volvió al sistema sin ingresar. Si quiere ingresar, empiece otra vez desde ahí.",
    },
    go_on_to: |system| format!("Continuar a {system}"),
    go_on_text: "Ahí escriba su clave otra vez.",
    afterwards: |system| format!("Después sigue a {system}."),
    unknown: Headed {
        heading: "No podemos abrir este ingreso",
        text: concat!(
            "El sistema que lo envió no está registrado en Clave SENCE, o pidió volver a otra dirección. Avise a quien administra ese \
             sistema, o llame gratis al ",
            unbroken_help_line!(),
            ". No escriba su clave en otra página."
        ),
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
        more: "Con su clave también puede",
        signed_out: SIGNED_OUT,
    },
    sign_out: SignOut {
        ask: "¿Cerrar su sesión?",
        sent_by: |system| format!("{system} pide cerrar su sesión."),
        text: "Se cierra en este navegador y en los sistemas que lo permiten. Los demás ciérrelos usted.",
        stay: "No cerrar",
        over: SIGNED_OUT,
    },
    example: Example {
        name: "Sistema de ejemplo",
        text: "Así se ve un sistema que usa Clave SENCE. Solo existe en la demostración.",
        enter: "Ingresar con Clave SENCE",
        received: "El sistema recibió estos datos:",
        failed: |why| format!("El sistema no recibió datos ({why})."),
    },
};
