//! What happens, at random.

use std::fmt;

use app::errand::Errand;
use domain::kind::Kind;
use proptest::prelude::*;
use proptest::strategy::Union;

/// Fewest commands of a case.
const FEWEST: usize = 24;
/// Most commands of a case.
const MOST: usize = 48;

/// A tab of a browser. Two of them share the cookies of the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Owner,
    Second,
    Stranger,
}

impl Tab {
    /// The browser: 0 is the owner's, 1 the stranger's. The accounts have the same numbers.
    pub(super) fn browser(self) -> usize {
        usize::from(self == Self::Stranger)
    }
}

/// Which key is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// That of the account, as far as its owner types it.
    Current,
    /// The one before.
    Former,
    /// A provisional key that was read, counted from the newest.
    Provisional(u8),
    Wrong,
}

/// How a person fills in forms.
#[derive(Clone, Copy)]
pub(super) struct Filling {
    /// Of one's own account, or of the other person's.
    pub(super) own: bool,
    /// Whether answers and documents are right.
    pub(super) right: bool,
    /// Of a company: whether the representative is the one whom SII names.
    pub(super) named: bool,
    /// Whether “No recuerdo…” is ticked.
    pub(super) forgotten: bool,
    /// “SI” or “NO”.
    pub(super) confirm: bool,
    pub(super) key: Key,
    /// What becomes the new key: 0 a bad one, 1 the current, 2 a former one, 3 a provisional one; else a good one.
    pub(super) new_key: u8,
    /// Which contact data is typed: 0 that on file.
    pub(super) contact: u8,
    /// Whether the letters are right.
    pub(super) letters: bool,
    /// Whether the hidden fields are those of the page in another browser.
    pub(super) borrowed: bool,
}

/// On one line, so that a failing case can be read.
impl fmt::Debug for Filling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { own, right, named, forgotten, confirm, key, new_key, contact, letters, borrowed } = self;
        let said = [
            (*own, "own"),
            (*right, "right"),
            (*named, "named"),
            (*forgotten, "forgotten"),
            (*confirm, "confirm"),
            (*letters, "letters"),
            (*borrowed, "borrowed"),
        ];
        let said: Vec<_> = said.into_iter().filter(|(so, _)| *so).map(|(_, word)| word).collect();
        write!(f, "Filling({}, key {key:?}, new key {new_key}, contact {contact})", said.join(" "))
    }
}

/// Something that happens.
#[derive(Debug, Clone)]
pub(super) enum Command {
    /// Opens the first page of an errand, fills it in, and so many pages more.
    Begin(Tab, Errand, Filling, u8),
    /// The messages are sent and read, and a provisional key is typed in this errand, counted from the newest.
    Redeem(Tab, Errand, Filling, u8),
    /// Fills in the page that is shown, and so many more.
    Continue(Tab, Filling, u8),
    /// Opens the page of a step, of this errand or of that in the tab, and fills it in.
    Visit(Tab, Option<Errand>, u8, Filling),
    /// Sends a form again that this browser has sent: counted from the last, with the cookies of now or of then.
    Again(Tab, u8, bool),
    /// A company asks for the key of a foreign facilitator, the owner or the stranger, with this mail address, and an officer grants it.
    Grant(usize, u8),
    /// “Refrescar” of the captcha.
    Refresh(Tab),
    /// The stranger puts a cookie of their own into the owner's browser.
    Plant(Errand),
    /// The stranger takes up a cookie that a browser had before.
    Former(Errand, u8),
    /// The cookie of one errand is used as that of another.
    Swap(Tab, Errand, Errand),
    /// “Terminar y borrar”.
    Erase(Tab),
    /// So many minutes go by; and the sweeper comes, or not yet.
    Pass(i64, bool),
    /// The messages are sent and read.
    Deliver,
    /// The service ends and starts again.
    Restart,
}

fn tab() -> impl Strategy<Value = Tab> {
    prop_oneof![5 => Just(Tab::Owner), 2 => Just(Tab::Second), 3 => Just(Tab::Stranger)]
}

/// What this kind can do, with how often it does.
fn errand(kind: Kind) -> impl Strategy<Value = Errand> + Clone {
    let all = [(5, Errand::Recover), (5, Errand::Change), (3, Errand::Update), (1, Errand::Register)];
    let served = all.into_iter().filter(|(_, errand)| errand.kinds().contains(&kind));
    Union::new_weighted(served.map(|(often, errand)| (often, Just(errand))).collect())
}

fn filling() -> impl Strategy<Value = Filling> {
    let key = prop_oneof![
        7 => Just(Key::Current),
        2 => (0..3u8).prop_map(Key::Provisional),
        1 => Just(Key::Former),
        1 => Just(Key::Wrong),
    ];
    let new_key = prop_oneof![5 => Just(9u8), 1 => 0..4u8];
    let often = |share| prop::bool::weighted(share);
    (
        often(0.85),
        (often(0.85), often(0.9)),
        often(0.5),
        often(0.5),
        key,
        new_key,
        0..4u8,
        often(0.92),
        often(0.04),
    )
        .prop_map(
            |(own, (right, named), forgotten, confirm, key, new_key, contact, letters, borrowed)| Filling {
                own,
                right,
                named,
                forgotten,
                confirm,
                key,
                new_key,
                contact,
                letters,
                borrowed,
            },
        )
}

/// The commands of a case about two accounts of a kind.
pub(super) fn commands(kind: Kind) -> impl Strategy<Value = Vec<Command>> {
    let errand = || errand(kind);
    let other = if Errand::Update.kinds().contains(&kind) { Errand::Update } else { Errand::Change };
    let minutes = prop_oneof![
        4 => Just(1),
        3 => Just(6),
        2 => Just(16),
        2 => Just(61),
        1 => Just(23 * 60),
        3 => Just(25 * 60),
    ];
    let command = prop_oneof![
        12 => (tab(), errand(), filling(), 0..7u8)
            .prop_map(|(tab, errand, filling, more)| Command::Begin(tab, errand, filling, more)),
        5 => (
            tab(),
            prop_oneof![5 => Just(Errand::Change), 1 => Just(other)],
            filling(),
            prop_oneof![4 => Just(0u8), 3 => Just(1), 1 => Just(2)],
            0..2u8,
        )
            .prop_map(|(tab, errand, filling, back, more)| {
                let filling = Filling { key: Key::Provisional(back), own: true, ..filling };
                Command::Redeem(tab, errand, filling, more)
            }),
        6 => (tab(), filling(), 0..4u8).prop_map(|(tab, filling, more)| Command::Continue(tab, filling, more)),
        5 => (tab(), prop::option::weighted(0.3, errand()), any::<u8>(), filling())
            .prop_map(|(tab, errand, step, filling)| Command::Visit(tab, errand, step, filling)),
        3 => (tab(), 0..6u8, any::<bool>()).prop_map(|(tab, back, then)| Command::Again(tab, back, then)),
        1 => tab().prop_map(Command::Refresh),
        1 => errand().prop_map(Command::Plant),
        2 => (errand(), 0..4u8).prop_map(|(errand, back)| Command::Former(errand, back)),
        1 => (tab(), errand(), errand()).prop_map(|(tab, from, to)| Command::Swap(tab, from, to)),
        1 => tab().prop_map(Command::Erase),
        3 => (minutes, any::<bool>()).prop_map(|(minutes, swept)| Command::Pass(minutes, swept)),
        3 => Just(Command::Deliver),
        1 => Just(Command::Restart),
    ];
    let command = match kind {
        Kind::Facilitador => {
            let grant = (0..2usize, 0..4u8).prop_map(|(account, contact)| Command::Grant(account, contact));
            prop_oneof![8 => command, 1 => grant].boxed()
        }
        _ => command.boxed(),
    };
    prop::collection::vec(command, FEWEST..=MOST)
}
