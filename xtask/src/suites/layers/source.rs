//! Reads Rust as far as imports need it.

/// A path that code names, such as `crate::store::Store` in an import or within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    /// The modules inside the file, from the outside in, that contain the path.
    pub(super) within: Vec<String>,
    pub(super) path: Vec<String>,
    /// Set by a `use`: the name that the path gets there. Empty for `use path::*`.
    pub(super) import: Option<String>,
}

/// A word, or one other character.
type Token<'a> = (usize, &'a str);

/// Every path of two names or more, and every import, in the order of the text.
pub(super) fn paths(source: &str) -> Vec<Named> {
    let code = without_comments_and_strings(source);
    let tokens = tokens(&code);
    let mut found = Vec::new();
    let mut within: Vec<(String, usize)> = Vec::new();
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(&(line, token)) = tokens.get(at) {
        let modules = || within.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        match token {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                within.retain(|(_, opened)| *opened <= depth);
            }
            "mod" if text(&tokens, at + 2) == "{" => {
                depth += 1;
                within.push((text(&tokens, at + 1).to_owned(), depth));
                at += 3;
                continue;
            }
            "use" => {
                let mut tree = UseTree { tokens: &tokens, at: at + 1, found: Vec::new() };
                tree.read(&[]);
                at = tree.at;
                found.extend(tree.found.into_iter().map(|(path, name)| Named {
                    line,
                    within: modules(),
                    path,
                    import: Some(name),
                }));
                continue;
            }
            _ if is_word(token) => {
                let mut path = vec![token.to_owned()];
                while text(&tokens, at + 1) == "::" && is_word(text(&tokens, at + 2)) {
                    at += 2;
                    path.push(text(&tokens, at).to_owned());
                }
                if path.len() > 1 {
                    found.push(Named { line, within: modules(), path, import: None });
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads what is after `use`: `a::{b, c::d as e, f::*}`.
struct UseTree<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// Each path, and the name that it gets.
    found: Vec<(Vec<String>, String)>,
}

impl<'a> UseTree<'a> {
    /// Reads one branch, which begins with `before`, up to the comma, brace or semicolon behind it.
    fn read(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        loop {
            match self.next() {
                "{" => {
                    while !matches!(self.peek(), "}" | "") {
                        self.read(&path);
                        if self.peek() == "," {
                            self.next();
                        }
                    }
                    self.next();
                    return;
                }
                "*" => {
                    self.found.push((path, String::new()));
                    return;
                }
                "::" => continue,
                "" | ";" => return,
                // `use a::{self}` names `a`.
                "self" if !path.is_empty() => {}
                name => path.push(name.to_owned()),
            }
            if self.peek() == "as" {
                self.next();
                let name = self.next().to_owned();
                self.found.push((path, name));
                return;
            }
            if self.peek() != "::" {
                let name = path.last().cloned().unwrap_or_default();
                self.found.push((path, name));
                return;
            }
        }
    }

    fn peek(&self) -> &'a str {
        text(self.tokens, self.at)
    }

    fn next(&mut self) -> &'a str {
        self.at += 1;
        text(self.tokens, self.at - 1)
    }
}

fn text<'a>(tokens: &[Token<'a>], at: usize) -> &'a str {
    tokens.get(at).map_or("", |(_, text)| text)
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and every other character but white space, each with its line.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = if rest.starts_with("::") { 2 } else { word.max(first.len_utf8()) };
            let (token, after) = rest.split_at(length);
            found.push((number, token));
            rest = after.trim_start();
        }
    }
    found
}

/// The code with each comment, string and character made blank; lines stay where they are.
fn without_comments_and_strings(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest, 0),
            'b' if !after_word && rest.starts_with("b\"") => string(rest, 1),
            'b' | 'r' if !after_word => raw_string(rest).unwrap_or(0),
            '\'' => character(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        } else {
            let (gone, after) = rest.split_at(length);
            code.push(' ');
            code.extend(gone.chars().filter(|c| *c == '\n'));
            rest = after;
        }
    }
    code
}

/// The length of a block comment; they may lie in one another.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string whose first quote is at `quote`.
fn string(text: &str, quote: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = quote + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of `r"…"`, `r#"…"#` or `br"…"`; None if it is none.
fn raw_string(text: &str) -> Option<usize> {
    let open = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let marks = open.bytes().take_while(|byte| *byte == b'#').count();
    let inside = open.get(marks..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(text.len() - inside.len() + length)
}

/// The length of a character such as `'a'` or `'\n'`; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text.get(3..).and_then(|rest| rest.find('\'')).map_or(0, |end| end + 4),
        Some(_) => chars.next().map_or(0, |(at, c)| if c == '\'' { at + 1 } else { 0 }),
        None => 0,
    }
}
