//! Telephone numbers as people, telephones and contact books write them.

use super::*;
use crate::text::meant;
use proptest::prelude::*;

#[test]
fn a_mobile_in_every_way_people_type_it() {
    for typed in [
        "12345678",
        "912345678",
        "+56 9 1234 5678",
        "+56 9 1234-5678",
        "+56 (9) 1234 5678",
        "(+56) 9 1234 5678",
        "+56 (0)9 1234 5678",
        "+9 1234 5678",
        "56912345678",
        "56 9 1234 5678",
        "569 1234 5678",
        "0912345678",
        "09-12345678",
        "0056912345678",
        "056 9 1234 5678",
        "tel:+56912345678",
        "tel:+56-9-1234-5678;ext=1",
        "9-1234-5678",
        "9.1234.5678",
        "9.12.34.56.78",
        "1234.5678",
        "(9) 1234 5678",
        "*9 1234 5678*.",
        "\u{202a}+56 9 1234 5678\u{202c}",
        "\u{200e}9\u{a0}1234\u{2011}5678\u{fe0d}",
        "＋５６９１２３４５６７８",
        "٩١٢٣٤٥٦٧٨",
        "Cel: 9 1234 5678",
        "Cel. 912345678",
        "cel912345678",
        "Celular: +56 9 1234 5678",
        "Celular 2: 9 1234 5678",
        "Tel.: 9 1234 5678",
        "Fono 912345678",
        "Teléfono móvil: 912345678",
        "N° celular 912345678",
        "Nº de teléfono: 912345678",
        "Ana Rojas: 9 1234 5678",
        "WhatsApp +56 9 1234 5678",
        "9 1234 5678 (WhatsApp)",
        "9 1234 5678 WhatsApp",
        "912345678 - celular",
        "912345678cel",
        "9 1234 5678 (mamá)",
        "📱 +56 9 1234 5678",
        "TEL;TYPE=CELL:+56912345678",
        "TEL;TYPE=CELL,VOICE;VALUE=uri:tel:+56-9-1234-5678",
        "item1.TEL;type=pref:+56 9 1234 5678",
        "TEL:+56912345678",
        "sms:+56912345678",
        "callto:+56912345678",
        "https://wa.me/56912345678",
        "https://wa.me/56912345678 (WhatsApp)",
        "wa.me/56912345678?text=Hola",
        "https://wa.me/+56912345678",
        "https://api.whatsapp.com/send?phone=56912345678&text=Hola",
        "whatsapp://send?phone=%2B56912345678",
        "+56.9.1234.5678",
        "+56.912345678",
        "912.345.678",
        "91234.5678",
        "+5691234.5678",
        "\u{202a}+56\u{a0}9\u{2007}1234\u{2011}5678\u{202c}",
        "9\u{2013}1234\u{2013}5678",
        "9\u{202f}1234\u{202f}5678",
        "“9 1234 5678”",
        "=\"912345678\"",
        "'912345678",
    ] {
        assert_eq!(Mobile::parse(typed).unwrap().as_str(), "+56912345678", "{typed}");
    }
    assert_eq!(Mobile::parse(""), Err(PhoneError::Empty));
    for bad in [
        "1234567",
        "812345678",
        "+1 9 1234 5678",
        "1234567a",
        "9123456789",
        "+12345678",
        "012345678",
        "+51 987 654 321",
        "0051987654321",
        "91234567/81234567",
        "9123(0)45678",
        "+56 9(0)1234 5678",
        "+569(0)12345678",
        "+56 (0)(0)9 1234 5678",
        "9 1234 5678 / 9 8765 4321",
        "Cel 912345678 Fono: 221234567",
        "9 1234 5678 anexo 2",
        "9 8765 4321 https://wa.me/56912345678",
        "987654321 TEL;TYPE=CELL:+56912345678",
        "https://wa.me/51987654321",
        "+569 1234 5",
        "569 1234 567",
    ] {
        assert_eq!(Mobile::parse(bad), Err(PhoneError::Format), "{bad}");
    }
    for bad in [
        "91234567.0",
        "91234567,0",
        "91,234,567.00",
        "912345678.0",
        "9.12E+08",
        "1,23E+07",
        "91234567.8",
        "9123456.78",
        "9,12345678",
        "9.12345678",
        "912345.678",
        "9.12.0",
        "91.234.567,8",
        "9..12345678",
        "Cel: 91234567.0",
    ] {
        assert_eq!(Mobile::parse(bad), Err(PhoneError::Separators), "{bad}");
    }
    // A number with its country that was cut short, or a whole one without the 9.
    for either in [
        "569 1234 5",
        "56912345",
        "56 9 12345",
        "56-9-1234-5",
        "Cel: 56912345",
        "(56) 9 12345",
        "5 6 9 1 2 3 4 5",
    ] {
        assert_eq!(Mobile::parse(either), Err(PhoneError::TooShort), "{either}");
    }
    for whole in ["5691 2345", "5691-2345", "9 5691 2345", "956912345", "+56 9 5691 2345"] {
        let mobile = Mobile::parse(whole).unwrap();
        assert_eq!((mobile.as_str(), mobile.shown().as_str()), ("+56956912345", "5691 2345"), "{whole}");
    }
    let mobile = Mobile::parse("12345678").unwrap();
    assert_eq!(mobile.shown(), mobile.local());
    assert_eq!((mobile.local(), mobile.masked().as_str()), ("12345678", "+56\u{a0}9\u{a0}••••\u{a0}••78"));
    assert_eq!(mobile.readable(), "+56\u{a0}9\u{a0}1234\u{a0}5678");
}

#[test]
fn a_fixed_line_has_nine_digits_with_its_area() {
    assert_eq!(Phone::parse("2", "2123 4567").unwrap().as_str(), "+56221234567");
    assert_eq!(Phone::parse("32", "212-3456").unwrap().as_str(), "+56322123456");
    assert_eq!(Phone::parse("2", "123456"), Err(PhoneError::Format));
    assert_eq!(Phone::parse("99", "2123456"), Err(PhoneError::Area));
    assert_eq!(Phone::parse("2", ""), Err(PhoneError::Empty));
    assert_eq!(Phone::parse("2", "02123456"), Err(PhoneError::Format));
    assert_eq!(Phone::parse("2", "2123456.0"), Err(PhoneError::Separators));
    for phone in [Phone::parse("2", "21234567").unwrap(), Phone::parse("45", "2123456").unwrap()] {
        assert_eq!(Phone::try_from(String::from(phone.clone())), Ok(phone));
    }
    assert_eq!(Phone::try_from("221234567".to_owned()), Err(PhoneError::Format));
}

#[test]
fn a_whole_number_may_be_in_the_control_of_the_number() {
    for (area, number) in [
        ("2", "221234567"),
        ("", "2 2123 4567"),
        ("02", "2123 4567"),
        ("2", "022123 4567"),
        ("2", "+56 2 2123 4567"),
        ("", "+56 (2) 2123 4567"),
        ("2", "+56 (02) 2123 4567"),
        ("2", "56221234567"),
        ("", "0056 2 2123 4567"),
        ("2", "tel:+56221234567"),
        ("2", "Fono: 2123 4567"),
        ("", "Fono: (2) 2123 4567"),
        ("", "Fono casa 2 2123 4567 (mañanas)"),
        ("", "TEL;TYPE=HOME:+56221234567"),
        ("", "+56 (0)2 2123 4567"),
        ("", "2.2123.4567"),
    ] {
        assert_eq!(Phone::parse(area, number).unwrap().as_str(), "+56221234567", "{area} {number}");
    }
    // Eight digits behind 2 are a number of Santiago, whatever they begin with.
    assert_eq!(Phone::parse("2", "22123456").unwrap().as_str(), "+56222123456");
    assert_eq!(Phone::parse("32", "322123456").unwrap().as_str(), "+56322123456");
    for (area, number) in
        [("2", "32 212 3456"), ("32", "221234567"), ("", "2123456"), ("", "912345678"), ("99", "221234567")]
    {
        assert_eq!(Phone::parse(area, number), Err(PhoneError::Area), "{area} {number}");
    }
    for (area, number) in [("2", "+51 2 2123 4567"), ("32", "32123456"), ("2", "202123456")] {
        assert_eq!(Phone::parse(area, number), Err(PhoneError::Format), "{area} {number}");
    }
}

#[test]
fn a_stored_number_is_shown_in_the_controls_that_it_came_from() {
    assert_eq!(Phone::parts("+56221234567"), Some(("2", "21234567")));
    assert_eq!(Phone::parts("+56452123456"), Some(("45", "2123456")));
    assert_eq!(Phone::parts("+56992123456"), None);
    assert_eq!(Phone::parts("221234567"), None);
    let mobile = Mobile::parse("12345678").unwrap();
    assert_eq!(String::from(mobile.clone()), "+56912345678");
    assert_eq!(Mobile::try_from("+56912345678".to_owned()), Ok(mobile));
}

#[cfg(feature = "full")]
#[test]
fn f_req_a_number_of_any_country_needs_its_code() {
    let parse = |text: &str| ForeignPhone::parse(text).map(|phone| phone.as_str().to_owned());
    assert_eq!(parse("+51 987 654 321").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("0051 (987) 654-321").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("(+51) 987 654 321").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("+51 (0)987 654 321").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("tel:+51-987-654-321").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("\u{202a}+51 987 654 321\u{202c}.").as_deref(), Ok("+51987654321"));
    assert_eq!(parse("＋５１ ９８７ ６５４ ３２１").as_deref(), Ok("+51987654321"));
    for (typed, read) in [
        ("+39 (0)6 1234567", "+39061234567"),
        ("0039 (0)6 1234567", "+39061234567"),
        ("+39 06 1234567", "+39061234567"),
        ("+49 (0)30 1234567", "+49301234567"),
        ("+49 ( 0 ) 30 1234567", "+49301234567"),
        ("+58 0414 1234567", "+584141234567"),
        ("+225 07 12345678", "+2250712345678"),
        ("+1.212.555.0123", "+12125550123"),
        ("https://wa.me/51987654321", "+51987654321"),
        ("Tel.: +51 987 654 321 (WhatsApp)", "+51987654321"),
        ("TEL;TYPE=CELL:+51987654321", "+51987654321"),
    ] {
        assert_eq!(parse(typed).as_deref(), Ok(read), "{typed}");
    }
    assert_eq!(parse("+51987654321.0"), Err(PhoneError::Separators));
    assert_eq!(parse("5.19E+10"), Err(PhoneError::Separators));
    assert_eq!(parse("56 9 8765 4321").as_deref(), Ok("+56987654321"));
    assert_eq!(parse(""), Err(PhoneError::Empty));
    for bad in [
        "987654",
        "987654321",
        "9 8765 4321",
        "0987654321",
        "51 987 654 321",
        "56 98765 43210",
        "+51 98",
        "+0 12345678",
        "+1234567890123456",
        "+51 98a765432",
        "+51 987(0)654321",
        "+51 987 (0) 654 (0) 321",
    ] {
        assert_eq!(parse(bad), Err(PhoneError::Format), "{bad}");
    }
}

proptest! {
    #[test]
    fn what_is_shown_and_stored_is_read_again(number in "569[0-9]{5}|[0-9]{8}", area in 0..25usize, rest in "[1-9][0-9]{7}") {
        let mobile = Mobile::parse(&format!("9{number}")).unwrap();
        prop_assert_eq!(mobile.local(), number);
        for shown in [mobile.as_str(), &mobile.shown(), &mobile.readable(), &mobile.as_str()[1..]] {
            prop_assert_eq!(Mobile::parse(shown), Ok(mobile.clone()));
        }
        prop_assert_eq!(Mobile::try_from(String::from(mobile.clone())), Ok(mobile));
        let area = AREA_CODES[area].0;
        let phone = Phone::parse(area, &rest[..9 - area.len()]).unwrap();
        let (shown_area, shown) = Phone::parts(phone.as_str()).unwrap();
        prop_assert_eq!(Phone::parse(shown_area, shown), Ok(phone.clone()));
        prop_assert_eq!(Phone::parse("", phone.as_str()), Ok(phone.clone()));
        prop_assert_eq!(Phone::try_from(String::from(phone.clone())), Ok(phone));
    }

    #[test]
    fn what_stands_around_a_number_changes_nothing(
        number in "9[0-9]{8}",
        before in "(Cel|Celular|Fono|Tel[.]|WhatsApp|N°|Nº celular|Mi celular es|tel):? |(TEL;TYPE=CELL|Mamá|Fono 2): ?|https://wa[.]me/56|[+]56 ?|0|[(]|=\"|'|\u{202a}|",
        behind in " ?[(](WhatsApp|trabajo|mamá)[)]| ?(WhatsApp|celular|cel)|[.,;)\"]|\u{202c}|",
        halves in "[ .\u{2011}\u{2007}-]?",
    ) {
        let (first, last) = number.split_at(5);
        let text = format!("{before}{first}{halves}{last}{behind}");
        let read = Mobile::parse(&text).map(String::from);
        prop_assert_eq!(read, Ok(format!("+56{number}")), "{}", text);
    }

    #[test]
    fn no_digit_is_made_up_and_none_is_lost(text in "(Cel|Fono 1|TEL;TYPE=CELL|wa.me/|569|[(]0[)]|[(]casa[)]|[+]|[0-9٠-٩０-９() .,:;=\\-\u{200b}]|\\PC){0,18}") {
        let typed: String = meant(&text).chars().filter(char::is_ascii_digit).collect();
        if let Ok(mobile) = Mobile::parse(&text) {
            prop_assert!(typed.ends_with(mobile.local()), "{}", text);
            // The rest is a code of the country, a trunk zero, or the number of a label.
            let rest = typed.strip_suffix(mobile.local()).unwrap();
            prop_assert!(rest.len() <= 9 && rest.bytes().all(|b| b"10569".contains(&b)), "{}", text);
            prop_assert_eq!(Mobile::parse(&mobile.shown()), Ok(mobile));
        }
        let _ = (Phone::parse("2", &text), Phone::parse(&text, "21234567"));
    }
}

#[test]
fn a_number_that_is_said_to_be_of_another_line_is_not_taken() {
    for text in [
        "Fijo: 22345678",
        "22345678 casa",
        "TEL;TYPE=WORK:22345678",
        "Fax: 22345678",
        "anexo: 12345678",
        "Fono 2: 23456789",
        "Red fija 22345678",
    ] {
        assert_eq!(Mobile::parse(text), Err(PhoneError::Format), "{text}");
    }
    // Nine digits say it themselves, and a contact book may say both.
    for text in
        ["Trabajo: 912345678", "+56 9 1234 5678 (casa)", "TEL;TYPE=HOME,CELL:12345678", "Cel: 12345678"]
    {
        assert_eq!(Mobile::parse(text).map(|mobile| mobile.0), Ok("+56912345678".to_owned()), "{text}");
    }
    assert_eq!(Phone::parse("2", "celular 22345678"), Err(PhoneError::Format));
    assert_eq!(Phone::parse("2", "fijo 22345678").map(|phone| phone.0), Ok("+56222345678".to_owned()));
}
