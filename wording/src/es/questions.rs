//! The secret questions.

use domain::question::SecretQuestion as Question;

pub(super) fn question(question: Question) -> &'static str {
    match question {
        Question::FavouriteCountry => "Mi país favorito",
        Question::FirstPet => "El nombre de mi primera mascota",
        Question::ChildhoodNickname => "Mi apodo cuando era niño o niña",
        Question::ChildhoodFriend => "El nombre de mi mejor amigo o amiga de la infancia",
        Question::FirstTeacher => "El apellido de mi primer profesor o profesora",
        Question::FirstSchool => "El nombre de mi primera escuela",
        Question::ChildhoodStreet => "La calle donde vivía cuando era niño o niña",
        Question::ChildhoodShop => "El almacén donde compraba cuando era niño o niña",
        Question::FirstHolidays => "El primer lugar donde fui de vacaciones",
        Question::FirstWages => "Lo primero que compré con mi primer sueldo",
        Question::FirstFilm => "La primera película que vi en el cine",
        Question::FirstSong => "La primera canción que aprendí a cantar",
    }
}
