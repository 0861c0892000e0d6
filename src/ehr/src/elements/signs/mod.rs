//! Yes-or-no from dated signs: a sign for no counts only where it is newer than everything that speaks for yes.

mod sighting;

use std::collections::BTreeMap;

use criteria::{Gap, GapKind, Possible, Truth};

use self::sighting::{Look, Purpose, Sighting, Weight};
use super::{cited, dated};
use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{Sign, Signs};

impl Find for Signs {
    fn searches(&self) -> Vec<Search> {
        let mut searches = self.all().flat_map(sighting::searches).copied().collect::<Vec<_>>();
        searches.sort_unstable();
        searches.dedup();
        searches
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let look = |purpose| Look { purpose, other: self.other.as_deref(), element, reading };
        let find = |signs: &[Sign], purpose| {
            signs.iter().flat_map(|sign| look(purpose).find(sign)).collect::<Vec<_>>()
        };
        let mut seen = Seen {
            yes: find(&self.yes, Purpose::Yes),
            no: find(&self.no, Purpose::No),
            after: find(&self.no_only_after, Purpose::After),
        };
        // A value that cannot be told may be a sign for yes.
        seen.after.extend(self.unclassified(&look(Purpose::After)));
        seen.after.extend(self.unclassified_stages(&look(Purpose::After)));
        let finding = seen.decide();
        cited::sorted(match finding.possible {
            Some(Possible::Truth(Truth::No)) => not_by_what_is_missing(finding, &self.searches(), reading),
            _ => finding,
        })
    }
}

impl Signs {
    fn all(&self) -> impl Iterator<Item = &Sign> {
        self.yes.iter().chain(&self.no).chain(&self.no_only_after)
    }

    /// Observations whose values are meant to be told apart, on both sides, and that have some other value.
    fn unclassified(&self, look: &Look<'_, '_, '_>) -> Vec<Sighting> {
        let both = self.told_apart(|sign| match sign {
            Sign::Observation { codes, values } => Some((codes, values)),
            _ => None,
        });
        both.iter().flat_map(|(codes, values)| look.unclassified(codes, values)).collect()
    }

    /// The same of the stages of Conditions.
    fn unclassified_stages(&self, look: &Look<'_, '_, '_>) -> Vec<Sighting> {
        let both = self.told_apart(|sign| match sign {
            Sign::ConditionStage { codes, summary } => Some((codes, summary)),
            _ => None,
        });
        let beside = self.stages_beside.as_deref();
        both.iter()
            .flat_map(|(codes, summaries)| look.unclassified_stages(codes, summaries, beside))
            .collect()
    }

    /// Where signs on both sides are told apart by values: the codes, each with all of its values.
    fn told_apart<'s>(
        &'s self,
        told: impl Fn(&'s Sign) -> Option<(&'s String, &'s String)>,
    ) -> BTreeMap<&'s str, Vec<&'s str>> {
        let speaks =
            |signs: &'s [Sign], codes: &str| signs.iter().filter_map(&told).any(|(own, _)| own == codes);
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (codes, value) in self.all().filter_map(&told) {
            if speaks(&self.yes, codes) && speaks(&self.no, codes) {
                values.entry(codes).or_default().push(value);
            }
        }
        values
    }
}

/// A sign for yes may stand in what could not be read.
fn not_by_what_is_missing(finding: Finding, searches: &[Search], reading: &Reading<'_, '_>) -> Finding {
    let missing = reading.not_complete(searches);
    if missing.is_empty() {
        return finding;
    }
    let detail = format!("a newer sign may be in what could not be read: {}", missing.join(", "));
    Finding::of(Possible::Truth(Truth::Either), finding.evidence).with_gap(GapKind::Unavailable, detail)
}

struct Seen {
    yes: Vec<Sighting>,
    no: Vec<Sighting>,
    /// A `no` must be newer than each of these.
    after: Vec<Sighting>,
}

impl Seen {
    fn decide(&self) -> Finding {
        let sure_yes = sure(&self.yes);
        let standing = sure(&self.no).into_iter().filter(|no| !self.is_overtaken(no)).collect::<Vec<_>>();
        let winning = standing.iter().copied().filter(|no| self.is_newest(no)).collect::<Vec<_>>();
        if !winning.is_empty() {
            return found(Truth::No, &winning);
        }
        if standing.is_empty() && !sure_yes.is_empty() {
            return found(Truth::Yes, &sure_yes);
        }
        self.undecided(&standing)
    }

    /// Whether something that speaks for yes is surely newer.
    fn is_overtaken(&self, no: &Sighting) -> bool {
        sure(&self.yes).into_iter().chain(sure(&self.after)).any(|other| dated::is_newer(other.when, no.when))
    }

    /// Whether it has a date, and is surely newer than everything that does or may speak for yes.
    fn is_newest(&self, no: &Sighting) -> bool {
        no.when.is_some()
            && self.yes.iter().chain(&self.after).all(|other| dated::is_newer(no.when, other.when))
    }

    fn undecided(&self, standing: &[&Sighting]) -> Finding {
        let all = || self.yes.iter().chain(&self.no).chain(&self.after);
        let doubts = all().filter_map(|seen| match &seen.says {
            Weight::Doubtful(gap) => Some(gap.clone()),
            Weight::Sure => None,
        });
        let mut gaps = doubts.collect::<Vec<_>>();
        let sure_yes = sure(&self.yes);
        for no in standing {
            let is_rival = |yes: &&Sighting| {
                dated::is_same_time(yes.when, no.when) || dated::lasts_over(yes.when, no.when)
            };
            let rivals = sure_yes.iter().copied().filter(is_rival).collect::<Vec<_>>();
            gaps.push(if rivals.is_empty() { unclear(no) } else { conflict(no, &rivals) });
        }
        if standing.is_empty() {
            gaps.extend(sure(&self.no).into_iter().map(overtaken));
        }
        // Nothing, or only what is older than the window: then it is as if nothing were found.
        let is_open = gaps.iter().any(|gap| gap.kind != GapKind::Stale);
        let evidence = all().filter(|_| !gaps.is_empty()).map(|seen| seen.evidence.clone()).collect();
        Finding {
            possible: is_open.then_some(Possible::Truth(Truth::Either)),
            evidence,
            gaps,
            ..Finding::default()
        }
    }
}

fn sure(sightings: &[Sighting]) -> Vec<&Sighting> {
    sightings.iter().filter(|seen| seen.says == Weight::Sure).collect()
}

fn found(truth: Truth, sightings: &[&Sighting]) -> Finding {
    let evidence = sightings.iter().map(|seen| seen.evidence.clone()).collect();
    Finding::of(Possible::Truth(truth), evidence)
}

fn conflict(no: &Sighting, rivals: &[&Sighting]) -> Gap {
    let all = std::iter::once(no).chain(rivals.iter().copied()).collect::<Vec<_>>();
    dated::contradiction(&all)
}

fn unclear(no: &Sighting) -> Gap {
    let found = cited::words(&no.evidence);
    let detail = format!("{found}: not clear whether that is newer than every other finding");
    Gap { kind: GapKind::Imprecise, detail }
}

fn overtaken(no: &Sighting) -> Gap {
    let found = cited::words(&no.evidence);
    Gap { kind: GapKind::Imprecise, detail: format!("{found} is older than a later change of the disease") }
}
