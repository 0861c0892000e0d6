//! What stands around every page: its title, and the ways to other pages.

/// Who sees a page, and so which other pages it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody on this machine: the service is open.
    Open,
    /// Operators.
    Operators,
    /// Everybody who reaches a service that knows its clients.
    Public,
    /// Whoever has a link to this one page, or is not known.
    Link,
}

/// A page that others name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What is here.
    Home,
    /// The workbench.
    Try,
    /// The policies.
    Policies,
    /// What came of it.
    Journal,
}

impl Place {
    /// All of them, in the order of the navigation.
    const ALL: [Self; 4] = [Self::Home, Self::Try, Self::Policies, Self::Journal];

    /// Its path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Try => "/try",
            Self::Policies => "/policies",
            Self::Journal => "/journal",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Home => "Overview",
            Self::Try => "Workbench",
            Self::Policies => "Policies",
            Self::Journal => "Journal",
        }
    }

    fn is_for(self, audience: Audience) -> bool {
        match audience {
            Audience::Open => true,
            Audience::Operators => self != Self::Home,
            Audience::Public => self == Self::Policies,
            Audience::Link => false,
        }
    }
}

/// What `base.html` needs of a page. Every template that extends it has one as `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The title of the page, its first heading.
    pub title: String,
    audience: Audience,
    current: Option<Place>,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Where it leads.
    pub path: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Whether it is the page that is shown.
    pub is_current: bool,
}

impl Frame {
    /// The frame of a page.
    pub fn new(title: impl Into<String>, audience: Audience, current: Option<Place>) -> Self {
        Self { title: title.into(), audience, current }
    }

    /// The pages that this one leads to.
    #[must_use]
    pub fn navigation(&self) -> Vec<Entry> {
        let places = Place::ALL.into_iter().filter(|place| place.is_for(self.audience));
        let entry = |place: Place| Entry {
            path: place.path(),
            title: place.title(),
            is_current: self.current == Some(place),
        };
        places.map(entry).collect()
    }
}
