//! What is around every page.

use crate::catalogue::frame::Frame;
use crate::catalogue::{Around, Linked};

const SERVICE: &str = "Clave Sence (CS)";

pub(super) const FRAME: Frame = Frame {
    service: SERVICE,
    title: |title| format!("{title} – {SERVICE}"),
    error_title: |title| format!("Error: {title} – {SERVICE}"),
    description: "Obtenga, recupere o cambie su Clave SENCE, la clave de los sistemas de capacitación y empleo.",
    skip: "Ir al contenido",
    brand: "Clave Sence",
    brand_short: "CS",
    help_line: "Ayuda ",
    demo: Linked {
        before: "Modo de demostración. Los mensajes llegan a la ",
        link: "bandeja local",
        after: ".",
    },
    menu: "Trámites",
    information: "Más información",
    help: Around {
        before: "¿Necesita ayuda? Llame gratis al ", after: concat!(", de ", help_hours!(), ".")
    },
    owner: "Servicio Nacional de Capacitación y Empleo. La Clave Sence no es la ClaveÚnica.",
};
