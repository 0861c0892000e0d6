//! Nothing found, asked another way. Real servers advertise a search parameter and find nothing by it; what is not known
//! is never "no", so nothing counts only where the server says so in two ways.

use futures_util::future::{join, join_all};

use super::collected::Collected;
use super::pages::Reader;
use super::selflink;
use crate::search::{Reason, Search};

/// Where the codes of a template begin.
const BY_CODE: &str = "&code=";

/// A search of the patient's chart that found nothing.
#[derive(Debug)]
pub(super) struct Empty<'n> {
    pub(super) search: Search,
    /// As it was asked.
    pub(super) relative: &'n str,
    /// Whether the server says that it searched by the patient.
    pub(super) names_patient: bool,
}

/// Resource types of which nothing was found, where that may turn into a "no".
#[derive(Debug, Default)]
pub(super) struct Doubts {
    list: Vec<Doubt>,
    /// The search for the patient with everything of these types that refers to them.
    around_patient: Option<String>,
}

#[derive(Debug)]
struct Doubt {
    kind: &'static str,
    searches: Vec<Search>,
    names_patient: bool,
    /// The search by another parameter, or by the same in another form.
    another: String,
    /// The search without codes, where there were any.
    without_codes: Option<String>,
}

/// What asking another way came to.
#[derive(Debug, Default)]
pub(super) struct Confirmed {
    /// What there is after all.
    pub(super) found: Vec<(Search, Collected)>,
    /// Searches whose answers are not believed, or are known not to be whole.
    pub(super) reasons: Vec<(Search, Reason)>,
}

impl Doubts {
    /// What is to be asked about a patient, whose id stands as in a URL. A search by code is doubted where none found
    /// anything: elsewhere the server has shown that it can.
    pub(super) fn of(empty: &[Empty<'_>], finds_by_code: bool, patient_id: &str) -> Self {
        let mut list: Vec<Doubt> = Vec::new();
        for one in empty.iter().filter(|one| !(finds_by_code && is_coded(one.relative))) {
            let Some(kind) = kind(one.search) else { continue };
            match list.iter_mut().find(|doubt| doubt.kind == kind) {
                Some(doubt) => {
                    doubt.searches.push(one.search);
                    doubt.names_patient &= one.names_patient;
                }
                None => list.push(Doubt {
                    kind,
                    searches: vec![one.search],
                    names_patient: one.names_patient,
                    another: another(kind, patient_id),
                    without_codes: one.relative.split_once(BY_CODE).map(|(without, _)| without.to_owned()),
                }),
            }
        }
        let related: String =
            list.iter().map(|doubt| format!("&_revinclude={}:patient", doubt.kind)).collect();
        let around_patient = (!list.is_empty()).then(|| format!("Patient?_id={patient_id}{related}"));
        Self { list, around_patient }
    }

    /// Asks, everything side by side.
    pub(super) async fn ask(self, reader: Reader<'_>) -> Confirmed {
        let around = async { Some(reader.search(self.around_patient.as_deref()?).await) };
        let others = join_all(self.list.iter().map(|doubt| doubt.ask(reader)));
        let (around, others) = join(around, others).await;
        let mut confirmed = Confirmed::default();
        for (doubt, (another, without_codes)) in self.list.into_iter().zip(others) {
            let around = around.as_ref().map(|around| Around::of(around, doubt.kind)).unwrap_or_default();
            doubt.settle(another, without_codes, around, &mut confirmed);
        }
        confirmed
    }
}

impl Doubt {
    async fn ask(&self, reader: Reader<'_>) -> (Collected, Option<Collected>) {
        let without_codes = async { Some(reader.search(self.without_codes.as_deref()?).await) };
        join(reader.search(&self.another), without_codes).await
    }

    fn settle(
        self,
        another: Collected,
        without_codes: Option<Collected>,
        around: Around,
        confirmed: &mut Confirmed,
    ) {
        let first = self.searches.first().copied();
        let failed = without_codes.as_ref().and_then(|pages| pages.reason);
        let reason = match (&another, &without_codes) {
            // It can after all, in another way than we asked.
            (_, Some(pages)) if pages.has_matches() => pages.reason,
            (another, _) if another.has_matches() => another.reason,
            _ if !around.found.is_blank() => Some(Reason::Doubtful),
            _ if failed.is_some() => failed,
            _ => (!self.is_nothing(&another, &around)).then_some(Reason::Doubtful),
        };
        let found = [Some(another), without_codes, Some(around.found)];
        let found = found.into_iter().flatten().filter(|pages| !pages.is_blank());
        confirmed.found.extend(found.filter_map(|pages| Some((first?, pages))));
        confirmed.reasons.extend(self.searches.into_iter().filter_map(|search| Some((search, reason?))));
    }

    /// Whether nothing is there: by another way too, or by the only way that the server knows and says that it went.
    fn is_nothing(&self, another: &Collected, around: &Around) -> bool {
        let is_unknown = matches!(
            another.reason,
            Some(Reason::Rejected | Reason::NotFound | Reason::OutOfScope | Reason::Doubtful)
        );
        another.is_empty() || around.has_looked || (is_unknown && self.names_patient)
    }
}

/// What of one type came with the patient.
#[derive(Debug, Default)]
struct Around {
    found: Collected,
    /// Whether the server says that it looked for this type, and found the patient.
    has_looked: bool,
}

impl Around {
    fn of(around: &Collected, kind: &str) -> Self {
        let is_whole = around.has_matches() && around.reason.is_none();
        let looked = selflink::values(around.self_link.as_deref(), "_revinclude");
        let has_looked = is_whole && looked.iter().any(|value| value.split(':').next() == Some(kind));
        Self { found: around.only(kind), has_looked }
    }
}

/// Whether it is a search for codes.
pub(super) fn is_coded(relative: &str) -> bool {
    relative.contains(BY_CODE)
}

/// The resource type of a search of which nothing may turn into a "no". Without a coverage every policy is shown, and
/// who stands around an order can only speak for it: there nothing denies.
fn kind(search: Search) -> Option<&'static str> {
    Some(match search {
        Search::Laboratory | Search::VitalSigns | Search::ClinicalObservations | Search::Attestations => {
            "Observation"
        }
        Search::Conditions => "Condition",
        Search::MedicationRequests => "MedicationRequest",
        Search::MedicationStatements => "MedicationStatement",
        Search::MedicationAdministrations => "MedicationAdministration",
        Search::MedicationDispenses => "MedicationDispense",
        Search::Procedures => "Procedure",
        Search::CarePlans => "CarePlan",
        Search::Allergies => "AllergyIntolerance",
        _ => return None,
    })
}

/// `subject` is another parameter than `patient`; R4 has none such for allergies, and there the reference is written out.
fn another(kind: &str, patient_id: &str) -> String {
    let parameter = if kind == "AllergyIntolerance" { "patient" } else { "subject" };
    format!("{kind}?{parameter}=Patient/{patient_id}")
}
