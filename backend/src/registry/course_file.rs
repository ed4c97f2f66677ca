//! The courses that attendance is taken of (L-RCE), from a CSV file with the columns of [`domain::rce::course::COLUMNS`]. The file is
//! read again when it changes. Everything in it has to be right: while it is missing or malformed there is no list.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use domain::rce::course::{Course, Courses};
use serde::Deserialize;

use super::file::{Line, Watched};

/// A file adapter. Clones share the content.
#[derive(Clone)]
pub struct CourseFile(Watched<Courses>);

#[derive(Deserialize)]
struct Row {
    codigo_curso: String,
    cod_sence: String,
    linea: String,
    rut_otec: String,
    desde: String,
    hasta: String,
    estado: String,
    modalidad: String,
    run_alumnos: String,
}

impl CourseFile {
    /// An adapter for the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(Watched::new(path, "courses"))
    }

    /// The list as it is now; none while it cannot be read.
    pub(crate) async fn list(&self) -> Option<Arc<Courses>> {
        self.0.content(courses).await
    }
}

fn courses(rows: Vec<Line<Row>>) -> Result<Courses, u64> {
    let mut lines = BTreeMap::new();
    let mut read = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let course = course(&row).ok_or(line)?;
        if lines.insert(course.codigo_curso().clone(), line).is_some() {
            return Err(line);
        }
        read.push(course);
    }
    Courses::new(read).map_err(|twice| lines.get(&twice.0).copied().unwrap_or_default())
}

fn course(row: &Row) -> Option<Course> {
    // As every column of words, this one was read with _ in place of spaces.
    let state = row.estado.replace('_', " ");
    let fields = [
        &row.codigo_curso,
        &row.cod_sence,
        &row.linea,
        &row.rut_otec,
        &row.desde,
        &row.hasta,
        &state,
        &row.modalidad,
        &row.run_alumnos,
    ];
    Course::parse(&fields.map(String::as_str)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "codigo_curso,cod_sence,linea,rut_otec,desde,hasta,estado,modalidad,run_alumnos";
    const ROW: &str =
        "1234567,1237123456,3,76192083-9,2026-11-01,2026-12-31,En Ejecución,E-learning,12345678-5;11111111-1";

    #[tokio::test]
    async fn l_rce_the_list_follows_its_file_and_is_none_unless_all_of_it_is_right() {
        let folder = std::env::temp_dir().join(format!("cursos-{}", crate::secrets::random_id().unwrap()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("cursos.csv");
        let file = CourseFile::new(path.clone());
        assert!(file.list().await.is_none(), "no file");
        for (number, rows) in [
            String::new(),
            ROW.to_owned(),
            format!("{ROW}\n{}", ROW.replacen("1234567", "7654321", 1)),
            ROW.replace("En Ejecución", "TERMINADO"),
            ROW.replacen("1237123456,3", ",1", 1).replacen("1234567", "RLAB-19-02-08-0071-1", 1),
        ]
        .into_iter()
        .enumerate()
        {
            std::fs::write(&path, format!("{HEAD}\n{rows}\n{}", "\n".repeat(number))).unwrap();
            assert!(file.list().await.is_some(), "{rows}");
        }
        for (number, rows) in [
            ROW.replace("En Ejecución", "quizás"),
            ROW.replace("En Ejecución", ""),
            ROW.replace("2026-12-31", "2026-02-31"),
            ROW.replace("12345678-5", "12345678-4"),
            format!("{ROW}\n{ROW}"),
            ROW.replace("1234567,", "1234567.0,"),
            ROW.replace(",3,", ",NULL,"),
            format!("{ROW},x"),
        ]
        .into_iter()
        .enumerate()
        {
            std::fs::write(&path, format!("{HEAD}\n{rows}\n{}", "\n".repeat(10 + number))).unwrap();
            assert!(file.list().await.is_none(), "{rows}");
        }
        std::fs::write(&path, format!("{}\n{ROW}\n", HEAD.replace("modalidad", "modo"))).unwrap();
        assert!(file.list().await.is_none(), "another column");
        let quoted = ROW.replace(',', ";").replace("12345678-5;11111111-1", "\"12345678-5;11111111-1\"");
        std::fs::write(&path, format!("{}\n{quoted}\n", HEAD.replace(',', ";"))).unwrap();
        assert!(file.list().await.is_some(), "as spreadsheets of here write it");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
