//! Names of values as people say them.

/// What a determination means, by the name that files and records use.
#[must_use]
pub fn determination(name: &str) -> &'static str {
    match name {
        "meets-criteria" => "Appears to meet the criteria",
        "does-not-meet-criteria" => "Appears not to meet the criteria",
        "clinical-review" => "A clinician of the payer reviews",
        "information-needed" => "Information needed",
        "applies" => "A safety limit applies",
        "open" => "A safety limit is open",
        "none" => "No safety limit applies",
        _ => "Not known to this version",
    }
}

/// The class of a determination, for its colour and icon: `met`, `not-met` or `open`.
#[must_use]
pub fn class(name: &str) -> &'static str {
    match name {
        "meets-criteria" | "none" => "met",
        "does-not-meet-criteria" | "applies" => "not-met",
        _ => "open",
    }
}

/// Why an element is not known, by the name of the gap.
#[must_use]
pub fn gap(name: &str) -> &'static str {
    match name {
        "not-recorded" => "not recorded",
        "stale" => "too old",
        "conflicting" => "results disagree",
        "imprecise" => "too coarse",
        "unclassified" => "code not known",
        "unavailable" => "could not be read",
        _ => "not known",
    }
}

/// Class and word of a verdict, by the name that records use; where holding excludes, it is bad that it holds.
#[must_use]
pub fn verdict(name: &str, excludes: bool) -> (&'static str, &'static str) {
    match (name, excludes) {
        ("met", false) => ("met", "Met"),
        ("not-met", false) => ("not-met", "Not met"),
        ("met", true) => ("not-met", "Applies"),
        ("not-met", true) => ("met", "Clear"),
        _ => ("open", "Open"),
    }
}

/// A time, to three digits.
#[must_use]
pub fn micros(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        _ => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

/// An instant as it was recorded, to the minute and without the letters between its parts; what is no instant as it is.
#[must_use]
pub fn instant(recorded: &str) -> String {
    let parts = recorded.split_once('T').map(|(day, time)| (day, time.get(..5)));
    match parts {
        Some((day, Some(time))) => format!("{day} {time}"),
        _ => recorded.to_owned(),
    }
}
