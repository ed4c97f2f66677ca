//! Letters and digits as strokes on a grid 4 wide and 6 high, with the origin at the upper left. Each stroke is a
//! sequence of points `xy`, one digit per coordinate; a space ends it.

/// Another shape of a letter than its common capital: a small letter, or a capital of another face. Only shapes that cannot
/// be read as another letter; None for letters without one. Small letters may reach down to line 8.
pub(super) fn other_strokes(letter: char) -> Option<&'static str> {
    Some(match letter.to_ascii_uppercase() {
        'A' => "0602113142 4246 0444",
        'E' => "0444423212030516263645",
        'F' => "4030212226 0343",
        'M' => "0206 0312222326 2332424346",
        'P' => "0208 0312324345361605",
        'R' => "0206 0413223243",
        'T' => "1014153645 0232",
        'W' => "0004162624 2426364440",
        'Y' => "0003143443 40434618",
        _ => return None,
    })
}

/// The strokes of a letter or digit; empty for anything else.
pub(super) fn strokes(letter: char) -> &'static str {
    match letter.to_ascii_uppercase() {
        'A' => "0612204246 0434",
        'B' => "0600304142334304 03334445364606",
        'C' => "4130100102041536354445",
        'D' => "0600304142444536060600",
        'E' => "40000646 0333",
        'F' => "400006 0333",
        'G' => "4130100102041536464323",
        'H' => "0006 4046 0343",
        'I' => "1030 2026 1636",
        'J' => "1040 303536162605 ",
        'K' => "0006 4003 1246",
        'L' => "000646",
        'M' => "0600234046",
        'N' => "06004640",
        'O' => "1030414536160501102010",
        'P' => "06003041423303",
        'Q' => "10304145361605011020 2446",
        'R' => "06003041423303 2346",
        'S' => "413010010213334445361605",
        'T' => "0040 2026",
        'U' => "000516364540",
        'V' => "002640",
        'W' => "0016233640",
        'X' => "0046 4006",
        'Y' => "002340 2326",
        'Z' => "00400646",
        '0' => "10304145361605011030 4105",
        '1' => "022026 0646",
        '2' => "0110304142330646",
        '3' => "00402334445361605",
        '4' => "36300444",
        '5' => "400003334445361605",
        '6' => "4030100105163645443303",
        '7' => "004016",
        '8' => "133341301001133344453616050413",
        '9' => "430312001030414536160",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_captcha_letter_has_strokes() {
        for letter in super::super::LETTERS.iter().copied().map(char::from) {
            assert!(!strokes(letter).is_empty());
            for shape in [Some(strokes(letter)), other_strokes(letter)].into_iter().flatten() {
                assert!(shape.split(' ').all(|line| line.len() % 2 == 0), "{letter}: {shape}");
            }
        }
    }
}
