//! The desk, where officers of SENCE decide the requests for foreign facilitators.

use crate::catalogue::desk::{Account, Desk, Facts, History, List, Notices, Refuse, State, Warnings};
use crate::catalogue::{Headed, Linked};

pub(super) const DESK: Desk = Desk {
    requests: "Solicitudes",
    sign_out: "Salir",
    sign_in: "Mesa de revisión",
    sign_in_over: "Solo para funcionarios de SENCE",
    user: "Usuario",
    key: "Clave",
    code: "Código",
    code_hint: "Los 6 números que muestra ahora la aplicación de su teléfono.",
    enter: "Entrar",
    lost: "¿Perdió su clave o su teléfono? Pida una clave nueva a quien administra el servicio.",
    citizens: Linked { before: "¿Busca su Clave Sence? Vaya al ", link: "inicio", after: "." },
    no_request: "Solicitud no encontrada",
    no_such_request: "No hay una solicitud con ese número.",
    back_to_list: "Volver a las solicitudes",
    request: "Solicitud",
    request_title: |number| format!("Solicitud {number}"),
    open: State { one: "Abierta", many: "Abiertas" },
    granted: State { one: "Aprobada", many: "Aprobadas" },
    refused: State { one: "Rechazada", many: "Rechazadas" },
    all: "Todas",
    list: LIST,
    facts: FACTS,
    received: |when| format!(" Recibida el {when}."),
    decided: |decided| format!("Resuelta: {decided}."),
    granted_by: |officer, when| format!("la aprobó {officer} el {when}"),
    refused_by: |officer, when| format!("la rechazó {officer} el {when}"),
    reason_sent: "Motivo que recibió la empresa:",
    facilitator: "Facilitador",
    company: "Empresa",
    files: "Archivos",
    declaration: "Declaración Jurada firmada",
    document: "Documento de identidad",
    image: |file| format!("{file}, subido por la empresa"),
    download: |file| format!("Descargar ({file})"),
    hash: "SHA-256: ",
    read_only: "Su usuario puede mirar las solicitudes, no resolverlas.",
    grant: "Aprobar",
    grant_text: "Compare los datos con los dos archivos. En la página siguiente podrá confirmar, y el facilitador recibirá su \
                 clave provisoria.",
    grant_link: "Aprobar…",
    grant_title: "Aprobar la solicitud",
    grant_heading: "¿Aprobar la solicitud?",
    on_grant: "Al aprobar:",
    on_grant_items: [
        "El facilitador recibe por correo una clave provisoria y el enlace para crear su clave.",
        "La empresa recibe un aviso por correo, sin la clave.",
        "La decisión queda registrada con su usuario y no se puede deshacer.",
    ],
    grant_button: "Aprobar la solicitud",
    grant_back: "Volver a la solicitud sin aprobar",
    existing: "Es una clave nueva para una cuenta que ya existe",
    account: ACCOUNT,
    refuse: Refuse {
        heading: "Rechazar",
        reason: "Motivo",
        reason_hint: "La empresa lo leerá tal como usted lo escriba. Entre 10 y 500 caracteres.",
        button: "Rechazar la solicitud",
        irreversible: "No se puede deshacer.",
    },
    warnings: WARNINGS,
    history: HISTORY,
    notices: NOTICES,
};

const LIST: List = List {
    heading: "Solicitudes de facilitadores extranjeros",
    filters: "Estado de las solicitudes",
    filter: |states, count| format!("{states} ({count})"),
    search: "Buscar",
    search_hint: "Número, empresa, RUT de la empresa; nombre, correo, teléfono o documento del facilitador.",
    searched: |text| format!("Solo se muestra lo que tiene «{text}». "),
    clear: "Quitar la búsqueda",
    none_found: "Ninguna solicitud de esta lista tiene lo que busca.",
    none_open: "No hay solicitudes por revisar.",
    none: "Todavía no hay solicitudes en esta lista.",
    caption: |states| format!("Solicitudes: {}", states.to_lowercase()),
    number: "Número",
    company: "Empresa",
    facilitator: "Facilitador",
    received: "Recibida",
    state: "Estado",
    pages: "Páginas de la lista",
    previous: "Anterior",
    page: |page, of| format!("Página {page} de {of}"),
    next: "Siguiente",
};

const FACTS: Facts = Facts {
    names: "Nombres",
    document_kind: "Tipo de documento",
    document_number: "Número de documento",
    email: "Email",
    phone: "Teléfono",
    company_name: "Razón Social",
    no_name: "(sin nombre)",
    company_rut: "Rut Empresa",
    representative: "Rut Representante Legal, según el SII ese día",
};

const ACCOUNT: Account = Account {
    exists: |has_key, names, mail| {
        let key = if has_key { "con clave" } else { "todavía sin clave" };
        let names = names.unwrap_or("(sin nombres)");
        let mail = mail.map_or_else(|| "sin correo".to_owned(), |mail| format!("correo {mail}"));
        format!("Este documento ya tiene una cuenta, {key}. Está registrada a nombre de {names}, {mail}.")
    },
    replaces_mail: "Si aprueba, la clave provisoria va al correo de esta solicitud y avisamos al registrado. Cuando la usen, el \
                    correo de la solicitud reemplaza al registrado.",
    sets_mail: "Si aprueba, la clave provisoria va al correo de esta solicitud, que quedará registrado cuando la usen.",
    same_mail: "Si aprueba, la clave provisoria va al correo registrado, que es el mismo de esta solicitud.",
};

const WARNINGS: Warnings = Warnings {
    open: "Fíjese en esto antes de resolver",
    decided: "Vea también",
    file_missing: "Falta un archivo de esta solicitud.",
    unsigned: "La declaración es el formulario tal como se descargó: nadie lo ha firmado.",
    same_file: "Los dos archivos son el mismo.",
    company_mail: "El correo del facilitador es el de la empresa: la clave es personal.",
    other_representative: |rut| {
        let now = rut.map_or_else(String::new, |rut| format!(": {rut}"));
        format!("El representante legal que figura hoy en la cuenta de la empresa es otro{now}.")
    },
    company_without_mail: "La empresa no tiene correo registrado: no recibirá aviso de la decisión.",
    same_document: "El mismo documento está en otras solicitudes:",
    other_request: |company, when, state| format!(", {company}, {when} ({})", state.to_lowercase()),
};

const HISTORY: History = History {
    heading: "Historia",
    filed: "La empresa hizo la solicitud",
    not_filed: "La empresa intentó hacer la solicitud",
    seen: "Miró la solicitud",
    declaration_opened: "Vio la declaración",
    document_opened: "Vio el documento",
    granted: "Aprobó la solicitud",
    daily_cap: "Quiso aprobar: el facilitador ya recibió varias claves ese día",
    account_changed: "Quiso aprobar: la cuenta del facilitador ya no era la que vio",
    not_granted: "Quiso aprobar, sin efecto",
    refused: "Rechazó la solicitud",
    not_refused: "Quiso rechazar, sin efecto",
    entry: |officer, what, times| {
        let times = if times > 1 { format!(" ({times} veces)") } else { String::new() };
        match officer {
            Some(officer) => format!("{officer}: {}{times}", lower(what)),
            None => format!("{what}{times}"),
        }
    },
};

/// With a small letter at its beginning.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

const NOTICES: Notices = Notices {
    left: Headed { heading: "Sesión cerrada", text: "Cerró su sesión. Para seguir, entre de nuevo." },
    signed_out: Headed {
        heading: "Su sesión terminó",
        text: "Se cierra después de 30 minutos sin uso y, en todo caso, a las 8 horas. Entre de nuevo.",
    },
    signed_out_kept: Headed {
        heading: "Su sesión terminó",
        text: "La solicitud no fue rechazada todavía. Guardamos el motivo que escribió: entre de nuevo antes de 15 minutos, y \
               lo encontrará en ella.",
    },
    resumed: Headed {
        heading: "Falta enviar el rechazo",
        text: "Su sesión terminó antes de recibirlo. El motivo que escribió está más abajo: revíselo y presione Rechazar la \
               solicitud.",
    },
    granted: Headed {
        heading: "Solicitud aprobada",
        text: "El facilitador recibirá su clave provisoria por correo, y la empresa un aviso.",
    },
    granted_without_mail: Headed {
        heading: "Solicitud aprobada",
        text: "El facilitador recibirá su clave provisoria por correo. La empresa no tiene correo registrado: avísele por otro \
               medio.",
    },
    refused: Headed { heading: "Solicitud rechazada", text: "La empresa recibirá el motivo por correo." },
    refused_without_mail: Headed {
        heading: "Solicitud rechazada",
        text: "La empresa no tiene correo registrado: dígale el motivo por otro medio.",
    },
    decided: Headed {
        heading: "La solicitud ya fue resuelta",
        text: "Alguien la resolvió antes. Lo que usted envió no cambió nada.",
    },
    read_only: Headed {
        heading: "Su usuario solo puede mirar",
        text: "No puede aprobar ni rechazar. Lo que usted envió no cambió nada.",
    },
    daily_cap: Headed {
        heading: "Hoy no se puede enviar otra clave",
        text: "Este facilitador ya recibió todas las claves provisorias que permite un día. La solicitud sigue abierta: \
               apruébela mañana.",
    },
    changed: Headed {
        heading: "Revise otra vez antes de aprobar",
        text: "Mientras usted revisaba, este documento recibió una cuenta o cambió el correo de la que tenía. No se aprobó \
               nada: revise otra vez.",
    },
};
