//! Which style sheet a page has inside it (docs/decisions/0002).

/// The style sheets, by kind of page. Steps that replace each other by script share a sheet, so the page keeps its styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sheet {
    /// `entry.css`: pages without forms, that lead to others.
    Entry,
    /// `flow.css`: the steps of flows, and what has no other.
    #[default]
    Flow,
    /// `desk.css`: the pages of officers.
    Desk,
}

/// A value for each sheet.
#[derive(Debug, Clone, Default)]
pub struct PerSheet<T> {
    /// For [`Sheet::Entry`].
    pub entry: T,
    /// For [`Sheet::Flow`].
    pub flow: T,
    /// For [`Sheet::Desk`].
    pub desk: T,
}

impl<T> PerSheet<T> {
    /// The value for this one.
    pub fn of(&self, sheet: Sheet) -> &T {
        match sheet {
            Sheet::Entry => &self.entry,
            Sheet::Flow => &self.flow,
            Sheet::Desk => &self.desk,
        }
    }

    /// What becomes of the value of each.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> PerSheet<U> {
        PerSheet { entry: make(&self.entry), flow: make(&self.flow), desk: make(&self.desk) }
    }
}
