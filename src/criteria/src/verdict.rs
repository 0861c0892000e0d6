//! The three verdicts, and how connectives combine them (Kleene's strong logic).

use serde::Serialize;

/// What a criterion comes to over all combinations of possible values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds for every combination.
    Met,
    /// It holds for none.
    NotMet,
    /// It holds for some and not for others.
    Unknown,
}

impl Verdict {
    /// `met`, `not-met` or `unknown`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not-met",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is settled, one way or the other.
    #[must_use]
    pub fn is_decided(self) -> bool {
        self != Self::Unknown
    }

    /// The verdict on the opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }

    /// At least `needed` of these. All and any are its two ends.
    #[must_use]
    pub fn at_least(needed: usize, verdicts: impl Iterator<Item = Self>) -> Self {
        let (mut met, mut possible) = (0, 0);
        for verdict in verdicts {
            met += usize::from(verdict == Self::Met);
            possible += usize::from(verdict != Self::NotMet);
        }
        if met >= needed {
            Self::Met
        } else if possible < needed {
            Self::NotMet
        } else {
            Self::Unknown
        }
    }
}
