//! What the commands say to the operator.

use domain::officer::OfficerNameError;

use crate::catalogue::commands::{
    Attendance, Clients, Commands, Failures, HashRefused, HeaderRefused, Import, ImportSum, Keys, Officers,
    RequestLabels, Requests, RowRefused, Serve,
};

pub(super) const COMMANDS: Commands = Commands {
    serve: Serve { ready: "Clave SENCE lista en", inbox: "Mensajes de la demostración:" },
    failures: Failures {
        start: |error| format!("no se pudo iniciar: {error}"),
        open: |error| format!("no se pudo abrir lo que el servicio guarda: {error}"),
        service: |error| format!("falló la base de datos o el almacén de archivos: {error}"),
    },
    import: IMPORT,
    officers: OFFICERS,
    requests: REQUESTS,
    clients: CLIENTS,
    keys: KEYS,
    attendance: ATTENDANCE,
};

const ATTENDANCE: Attendance = Attendance {
    wrong: |text, why| format!("No se hizo nada: «{text}» no sirve ({why})."),
    added: |rut, id, token| {
        format!(
            "OTEC:  {rut}\nid:    {id}\ntoken: {token}\n\nEntréguelo ahora por un medio seguro: no se vuelve a mostrar. Los anteriores \
             también sirven, hasta que se revoquen."
        )
    },
    unknown: |rut, id| format!("La OTEC {rut} no tiene el token «{id}»."),
    revoked: |id| format!("El token «{id}» ya no sirve."),
    revoked_before: |id| format!("El token «{id}» ya estaba revocado."),
    nobody: "No hay tokens. Para agregar uno: clave-sence rce tokens add RUT",
    since: |at| format!("desde el {at}"),
    revoked_since: |at| format!("revocado el {at}"),
    any_origin: "desde cualquier sitio",
    no_days: "No se exportó nada: --from es posterior a --to.",
    no_day: "un día se escribe 2026-12-01",
};

const CLIENTS: Clients = Clients {
    taken: |id| {
        format!("Ya existe el sistema «{id}». Para darle otro secreto use: clave-sence clients secret {id}")
    },
    unknown: |id| format!("No existe el sistema «{id}»."),
    wrong: |why| format!("No se registró nada: {why}."),
    added: |id, issuer, secret| {
        let secret = secret.map_or_else(
            || "El sistema no usa secreto.".to_owned(),
            |secret| {
                format!(
                    "client_secret: {secret}\n\nEntréguelo ahora por un medio seguro: no se vuelve a mostrar."
                )
            },
        );
        format!("client_id:     {id}\nissuer:        {issuer}\n{secret}")
    },
    secret: |id, secret| {
        format!(
            "client_id:     {id}\nclient_secret: {secret}\n\nEl secreto anterior también sirve, hasta que pida otro. Entregue este ahora \
             por un medio seguro: no se vuelve a mostrar."
        )
    },
    no_secret: |id| format!("El sistema «{id}» no usa secreto."),
    disabled: |id| {
        format!("Nadie puede entrar ya al sistema «{id}» con su clave. Lo que se le había permitido terminó.")
    },
    disabled_before: |id| format!("El sistema «{id}» ya estaba deshabilitado."),
    nobody: "Todavía no hay sistemas. Para agregar uno: clave-sence clients add ID --name NOMBRE --redirect URL",
    disabled_since: |at| format!("deshabilitado el {at}"),
    since: |at| format!("desde el {at}"),
};

const KEYS: Keys = Keys {
    active: |at| format!("firma desde el {at}"),
    next: |at| format!("firmará desde el {at}"),
    former: "firmó antes",
    unreadable: "no se puede leer: se guardó con otra secret_key. Reponga esa, o cámbiela con: clave-sence keys rotate",
    rotated: |alg, at| format!("La próxima llave {alg} está publicada y firmará desde el {at}."),
    before: |alg, at| format!("Ya hay una próxima llave {alg}: firmará desde el {at}. No cambió nada."),
    replaced: |alg| {
        format!(
            "La llave {alg} que no se podía leer se borró (se guardó con otra secret_key): lo que firmó ya no vale. Otra firma desde \
             ahora."
        )
    },
    at_once: |alg| {
        format!("La llave {alg} anterior se borró: lo que firmó ya no vale. Otra firma desde ahora.")
    },
};

const IMPORT: Import = Import {
    refused: ROW_REFUSED,
    hash: HashRefused {
        unknown_scheme: "No se reconoce cómo se cifró la clave. Sirven argon2id, argon2i, bcrypt, PBKDF2 y ASP.NET Identity.",
        malformed: "La clave cifrada está dañada o incompleta.",
        too_cheap: "La clave se cifró con tan pocas vueltas que no protege. Deje la columna en blanco.",
        too_expensive: "Comprobar esta clave cifrada tomaría demasiado. Deje la columna en blanco.",
        lengths: "La sal o el resultado de la clave cifrada son muy cortos o muy largos.",
    },
    header: HeaderRefused {
        empty: "el archivo está vacío.",
        utf16: "el archivo está en UTF-16. Guárdelo como CSV UTF-8.",
        utf8_marked: "el archivo dice que está en UTF-8: quite --latin1.",
        line: |reason| format!("no se pudo leer la primera línea. {reason}"),
        workbook: "el archivo es un libro de Excel u otra planilla. Guárdelo como CSV UTF-8.",
        no_header: "la primera línea debe ser el encabezado, con los nombres de las columnas (docs/importar.md).",
        unknown: |names| format!("hay columnas que no se conocen: {names}. Quítelas o corrija su nombre."),
        quoted: |name| format!("«{name}»"),
        twice: |name| format!("la columna «{name}» está dos veces."),
        no_identifier: "falta la columna «rut», o «tipo» y «nie».",
    },
    nothing_changed: "No se cambió nada.",
    read: |error| format!("no se pudo seguir leyendo el archivo: {error}."),
    report: |error| format!("no se pudo escribir el archivo de filas rechazadas: {error}."),
    store: |error| format!("falló la base de datos: {error}."),
    system: "el sistema no entregó números al azar o detuvo el programa.",
    is_utf8: |line| format!("la línea {line} está en UTF-8, y con --latin1 se leería mal: quite --latin1."),
    placeholders: |column, rows| {
        let rows = if rows == 1 { "1 fila decía".to_owned() } else { format!("{rows} filas decían") };
        format!("Aviso: en la columna «{column}» {rows} NULL, N/A o algo parecido; ese dato quedó en blanco.")
    },
    lost_letters: |rows| {
        let rows = if rows == 1 { "1 fila tiene".to_owned() } else { format!("{rows} filas tienen") };
        format!(
            "Aviso: {rows} letras perdidas, como «Jos\u{fffd}» en vez de «José»: el archivo se convirtió mal antes. Se guardaron tal cual."
        )
    },
    again: "Lo que ya se importó queda; al repetir el comando, sigue con lo que falta.",
    summary,
    refused_in: |file| format!("Las filas rechazadas, con su línea y motivo, están en {file}"),
    so_far: |share, sum| {
        let share = share.map_or_else(String::new, |share| format!("{share} %, "));
        format!("{share}leídas {}, creadas {}, rechazadas {}", sum.rows, sum.created, sum.refused)
    },
    beside_the_bar: |sum| format!("{} filas, {} creadas, {} rechazadas", sum.rows, sum.created, sum.refused),
    cannot_open: |error| format!("no se pudo abrir el archivo: {error}"),
    same_file: "el archivo de filas rechazadas no puede ser el mismo que se importa.",
};

const ROW_REFUSED: RowRefused = RowRefused {
    line_too_long: "La línea es demasiado larga (más de 64 KiB).",
    not_utf8: "La línea no está en UTF-8. Si el archivo viene de Excel, pruebe con --latin1.",
    other_encoding: "Las letras con tilde salen mal: el archivo viene de MS-DOS o de un Mac antiguo. Guárdelo como «CSV UTF-8» y quite --latin1.",
    utf8_line: "La línea está en UTF-8 y otras del archivo no. Guarde todo el archivo en una sola codificación.",
    unnamed: "Hay un dato en una columna sin nombre. Póngale nombre en el encabezado, o quítelo.",
    placeholder: "Dice NULL, N/A o algo parecido en vez del dato. Escríbalo. Si es una respuesta o un documento que no tiene, deje en blanco también su pregunta, o su tipo y país.",
    formula: "Tiene una fórmula en vez del dato. Guarde la planilla con los valores.",
    changed_number: "Una planilla cambió este número: tiene decimales o un exponente, o es una fecha. Expórtelo de nuevo como texto.",
    ambiguous_rut: "El RUT tiene puntos y no tiene guion: no se sabe si trae su dígito verificador. Escríbalo con guion.",
    no_check_digit: "El RUT no lleva guion, y en este archivo hay otros así a los que les falta el dígito verificador. Escríbalo con guion, 12345678-5, o ponga el dígito en una columna «dv».",
    encoded_twice: "Las letras con tilde están dañadas, como «JosÃ©» en vez de «José»: el archivo se convirtió mal antes. Expórtelo de nuevo.",
    control: "La línea tiene caracteres de control: no es texto.",
    quote: "Hay una comilla que no se cierra en la misma línea.",
    field_count: "La línea no tiene tantos campos como el encabezado.",
    unknown_kind: "El tipo debe ser natural, migrante o juridica.",
    other_identifier: "Una persona natural o jurídica lleva solo rut y una migrante solo nie. Deje este en blanco.",
    only_people: "Una persona jurídica no lleva este dato. Déjelo en blanco.",
    only_companies: "Solo una persona jurídica lleva este dato. Déjelo en blanco.",
    duplicate: "Una línea anterior de este archivo tiene el mismo RUT o NIE.",
    names_too_long: "Los nombres son muy largos. Caben 100 caracteres.",
    unknown_company_kind: "El tipo de empresa debe ser empresa, otec u otic.",
    unknown_question: "No hay pregunta con ese nombre. Vea la lista en docs/importar.md.",
    unknown_comuna: "No hay comuna con ese código ni con ese nombre.",
    unknown_document_kind: "El tipo de documento debe ser pasaporte, cedula u otro.",
    unknown_country: "El país va con su código ISO de dos letras, como VE, y no puede ser Chile.",
    incomplete: "Está en blanco y debe ir junto con otra columna que no lo está.",
};

fn summary(sum: &ImportSum) -> String {
    let created = if sum.dry_run { "se crearían" } else { "creadas" };
    let end = if sum.dry_run { "\nEnsayo: no se cambió nada en la base de datos." } else { "" };
    format!(
        "leídas: {}\n{created}: {}\nya existían: {}\nrechazadas: {}\n{:.1} segundos, {:.0} filas por segundo{end}",
        sum.rows,
        sum.created,
        sum.present,
        sum.refused,
        sum.seconds,
        sum.rows as f64 / sum.seconds.max(0.001),
    )
}

const OFFICERS: Officers = Officers {
    no_name: |error| match error {
        OfficerNameError::Length => "El usuario debe tener entre 3 y 32 caracteres.",
        OfficerNameError::Characters => {
            "El usuario lleva solo letras de la a a la z sin tilde, números, puntos y guiones, y comienza y termina en letra o \
             número."
        }
        OfficerNameError::Reserved => "El usuario «consola» es el de estos comandos. Elija otro.",
    },
    taken: |name| {
        format!("Ya existe el usuario «{name}». Para darle otra clave use: clave-sence officers reset {name}")
    },
    unknown: |name| format!("No existe el usuario «{name}»."),
    disabled: |name| format!("El usuario «{name}» ya no puede entrar. Sus sesiones se cerraron."),
    disabled_before: |name| format!("El usuario «{name}» ya estaba deshabilitado."),
    proofs: |officer| {
        format!(
            "Usuario: {}\nClave:   {}\n\nCódigo: lea este QR con una aplicación de códigos (TOTP) del teléfono del funcionario, \
             o escriba ahí el secreto.\n\n{}Secreto: {}\nEnlace:  {}\n\nEntréguelo ahora por un medio seguro: no se vuelve a \
             mostrar.",
            officer.name, officer.key, officer.code, officer.secret, officer.uri
        )
    },
    nobody: "Todavía no hay usuarios. Para agregar uno: clave-sence officers add NOMBRE",
    decides: "resuelve",
    looks: "solo mira",
    disabled_since: |at| format!("deshabilitado el {at}"),
    since: |at| format!("desde el {at}"),
};

const REQUESTS: Requests = Requests {
    no_number: "Ese no es un número de solicitud. Escríbalo como salió en la pantalla: F- y dos grupos de cuatro letras y \
                números.",
    unknown: |number| format!("No existe la solicitud {number}."),
    decided_before: |how| format!("La solicitud ya fue resuelta: {how}. No cambió nada."),
    nothing_granted: "No se aprobó nada. Si es lo que quiere, repita con --existing-account.",
    no_file: |name| format!("No está el archivo «{name}» de esta solicitud."),
    exists: |path| format!("Ya existe {path}: no se cambió."),
    cannot_write: |path, error| format!("No se pudo escribir {path}: {error}"),
    nothing_listed: "No hay solicitudes en esta lista.",
    page: |page, pages| format!("Página {page} de {pages}"),
    no_company_name: "(sin nombre)",
    labels: RequestLabels {
        number: "Solicitud",
        state: "Estado:",
        received: "Recibida:",
        company: "Empresa:",
        company_rut: "Rut Empresa:",
        representative_rut: "Rut Representante Legal, según el SII ese día:",
        facilitator: "Facilitador:",
        document: "Documento:",
        email: "Email:",
        phone: "Teléfono:",
        decided: "Resuelta:",
        reason: "Motivo:",
        warning: "Fíjese:",
    },
    same_document: |number, state| format!("el mismo documento está en la solicitud {number} ({state})."),
    file: |name, facts, sha256| format!("Archivo: {name} ({facts}), SHA-256 {sha256}"),
};
