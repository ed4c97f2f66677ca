//! Letters in place of a wait that strangers have caused, as a browser without script sends them.

use backend::store::Engine;
use domain::kind::Kind;

use super::browser::{Answer, Form, Jar, Page};
use super::party::Party;
use super::world::World;

/// Sends “Validar” of “Cambiar CS” from a page, with this key and these letters.
async fn validate(
    world: &mut World,
    jar: &mut Jar,
    (page, party): (&Page, &Party),
    (key, letters): (&str, &str),
) -> Answer {
    let mut form = Form { action: "/api/cambiar/validar".to_owned(), fields: Vec::new() };
    let mut add = |name: &str, value: &str| form.fields.push((name.to_owned(), value.to_owned()));
    add("tipo", party.kind.slug());
    for name in ["pagina", "imagen", "azar"] {
        if let Some(value) = page.hidden(name) {
            add(name, &value);
        }
    }
    for (name, value) in &party.who {
        add(name, value);
    }
    add("clave_actual", key);
    add("captcha", letters);
    let answer = world.post(jar, &form).await;
    jar.take(&answer);
    answer
}

async fn letters_of_the_page_stand_in_for_the_wait(engine: Engine) {
    let people = [1, 2].map(|number| Party::number(Kind::Natural, number));
    let (mut world, _) = World::open(engine, &people).await;
    let none = Page::default();
    for address in 0..4 {
        for _ in 0..5 {
            let mut jar = Jar::at(&format!("198.51.{address}.1:40000"));
            validate(&mut world, &mut jar, (&none, &people[0]), ("NoEsEsta1", "")).await;
        }
    }
    let mut jar = Jar::at("203.0.113.7:40001");
    let answer = validate(&mut world, &mut jar, (&none, &people[0]), (&people[0].key, "")).await;
    let path = answer.location.unwrap();
    let body = world.get(&jar, &path).await.body;
    let page = Page { path, body };
    assert!(page.body.contains("Demasiados intentos") && page.body.contains("las letras de abajo"));
    assert!(page.body.contains(&people[0].who[0].1), "nothing typed is lost but the key");
    assert!(page.body.contains("name=\"captcha\"") && !page.body.contains("/api/cambiar/captcha"));
    let letters = world.letters(&page.hidden("imagen").unwrap()).unwrap();
    let answer = validate(&mut world, &mut jar, (&page, &people[0]), (&people[0].key, &letters)).await;
    assert_eq!(answer.location.as_deref(), Some("/cambiar/natural/clave"));
}

#[tokio::test]
async fn security_letters_of_the_page_stand_in_for_the_wait_on_sqlite() {
    letters_of_the_page_stand_in_for_the_wait(Engine::Sqlite).await;
}

#[tokio::test]
async fn security_letters_of_the_page_stand_in_for_the_wait_on_postgres() {
    letters_of_the_page_stand_in_for_the_wait(Engine::Postgres).await;
}
