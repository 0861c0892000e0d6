//! Which value sets a source uses, and which of them are codes of Observations that a search must ask for.

use crate::search::Search;
use crate::source::{
    ActiveMedication, Allergy, BodySurfaceArea, DerivedCount, Diagnosis, DrugCandidate, GermlineVariant,
    Her2, Laboratory, OrderPartners, OrderRoute, Prescriber, Receptor, Score, Sign, Signs, Source,
};
use crate::therapy::rules::{Reasons, TherapyRules};

/// A value set that a source uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'s> {
    /// Its id.
    pub set: &'s str,
    /// The search for the Observations with its codes; `None` where it holds values, drugs or diagnoses.
    pub observed: Option<Search>,
}

impl Source {
    /// Every value set that this source uses.
    #[must_use]
    pub fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Uses(Vec::new());
        // Every member of every source is named here, so that a new one cannot be forgotten.
        match self {
            Self::Age {} | Self::OrderDose(_) | Self::OrderCycleLength(_) | Self::OrderDosesPerCycle(_) => {}
            Self::Laboratory(source) => uses.laboratory(source),
            Self::BodySurfaceArea(BodySurfaceArea { measured, height, weight, weight_days: _ }) => {
                uses.observed(Search::VitalSigns, [measured, height, weight]);
            }
            Self::Signs(Signs { yes, no, no_only_after, other, stages_beside }) => {
                uses.plain(other.iter().chain(stages_beside));
                yes.iter().chain(no).chain(no_only_after).for_each(|sign| uses.sign(sign));
            }
            Self::Diagnosis(Diagnosis { codes, suggests, other }) => {
                uses.plain([codes, other]);
                uses.plain(suggests);
            }
            Self::Receptor(source) => uses.receptor(source),
            Self::Her2(source) => uses.her2(source),
            Self::Score(Score { codes, marker, named, other }) => {
                uses.plain(other);
                uses.observed(Search::ClinicalObservations, [codes, marker]);
                uses.plain([named]);
            }
            Self::GermlineVariant(source) => uses.germline_variant(source),
            Self::OrderPartners(OrderPartners { members, maybe_if_ongoing: _, unnamed }) => {
                uses.plain(members.values().chain(unnamed));
            }
            Self::OrderRoute(OrderRoute { codes, other }) => uses.plain(other.iter().chain([codes])),
            Self::ActiveMedication(ActiveMedication { codes }) => uses.plain([codes]),
            Self::Prescriber(Prescriber { specialties }) => uses.plain([specialties]),
            Self::Allergy(Allergy { codes, suggests, none_known }) => {
                uses.plain([codes]);
                uses.plain(suggests.iter().chain(none_known));
            }
            // What these use besides is in the rules of therapy.
            Self::TherapyLines(_) | Self::DrugResistance(_) | Self::PreoperativeResponse(_) => {}
            Self::DrugCandidate(DrugCandidate {
                therapy: _,
                agents: _,
                excluded_by,
                element: _,
                candidate: _,
                not_candidate: _,
            }) => excluded_by.iter().for_each(|sign| uses.sign(sign)),
        }
        uses.0
    }
}

impl TherapyRules {
    /// Every value set that these rules use.
    #[must_use]
    pub fn uses(&self) -> Vec<Use<'_>> {
        let Self {
            id: _,
            title: _,
            source: _,
            agents,
            unplaced,
            acts,
            lines: _,
            advanced,
            progression,
            response,
            stable,
            surgery,
            reasons,
            other,
        } = self;
        let Reasons { no_response, not_tolerated, curative, neoadjuvant, adjuvant, palliative } = reasons;
        let mut uses = Uses(Vec::new());
        uses.plain(agents.iter().map(|agent| &agent.drugs));
        uses.plain(acts.iter().map(|act| &act.procedures));
        uses.plain([
            unplaced,
            surgery,
            no_response,
            not_tolerated,
            curative,
            neoadjuvant,
            adjuvant,
            palliative,
        ]);
        let signs = advanced.iter().chain(progression).chain(response).chain(stable);
        signs.for_each(|sign| uses.sign(sign));
        uses.plain(other);
        uses.0
    }
}

struct Uses<'s>(Vec<Use<'s>>);

impl<'s> Uses<'s> {
    fn plain(&mut self, sets: impl IntoIterator<Item = &'s String>) {
        self.0.extend(sets.into_iter().map(|set| Use { set, observed: None }));
    }

    fn observed(&mut self, search: Search, sets: impl IntoIterator<Item = &'s String>) {
        self.0.extend(sets.into_iter().map(|set| Use { set, observed: Some(search) }));
    }

    fn laboratory(&mut self, source: &'s Laboratory) {
        let Laboratory {
            codes,
            named,
            suggests,
            lower_bound,
            derived,
            implausible_above: _,
            plausible_uln: _,
            molar_mass: _,
        } = source;
        self.plain(named.iter().chain(suggests));
        self.observed(Search::Laboratory, [codes]);
        self.observed(Search::Laboratory, lower_bound);
        if let Some(DerivedCount { total, percentages, whole }) = derived {
            self.observed(Search::Laboratory, [total]);
            self.observed(Search::Laboratory, whole);
            self.observed(Search::Laboratory, percentages);
        }
    }

    fn sign(&mut self, sign: &'s Sign) {
        match sign {
            Sign::Condition { codes, clinical_status: _, at, not_at } => {
                self.plain([codes]);
                self.plain(at.iter().chain(not_at));
            }
            Sign::Allergy { codes } | Sign::Medication { codes } => self.plain([codes]),
            Sign::ConditionStage { codes, summary } => self.plain([codes, summary]),
            Sign::Observation { codes, values } => {
                self.observed(Search::ClinicalObservations, [codes]);
                self.plain([values]);
            }
            Sign::ObservationFlag { codes, value: _ }
            | Sign::ObservationBelow { codes, below: _, unit: _ } => {
                self.observed(Search::ClinicalObservations, [codes]);
            }
        }
    }

    fn receptor(&mut self, source: &'s Receptor) {
        let Receptor {
            codes,
            positive,
            negative,
            combined,
            metastasis,
            condition_positive,
            condition_negative,
            condition_combined,
            other,
        } = source;
        self.observed(Search::ClinicalObservations, [codes]);
        self.observed(Search::ClinicalObservations, combined);
        self.plain([positive, negative]);
        self.plain(
            metastasis
                .iter()
                .chain(condition_positive)
                .chain(condition_negative)
                .chain(condition_combined)
                .chain(other),
        );
    }

    fn her2(&mut self, source: &'s Her2) {
        let Her2 {
            immunohistochemistry,
            in_situ_hybridization,
            positive,
            negative,
            equivocal,
            metastasis,
            condition_positive,
            condition_negative,
            other,
        } = source;
        self.observed(Search::ClinicalObservations, [immunohistochemistry, in_situ_hybridization]);
        self.plain([positive, negative, equivocal]);
        self.plain(metastasis.iter().chain(condition_positive).chain(condition_negative).chain(other));
    }

    fn germline_variant(&mut self, source: &'s GermlineVariant) {
        let GermlineVariant {
            genes: _,
            variant,
            region_studied,
            tests,
            gene_tests,
            tumor,
            found,
            not_found,
            suggests,
            stated,
        } = source;
        self.observed(Search::ClinicalObservations, [variant, region_studied, tests]);
        self.observed(Search::ClinicalObservations, gene_tests);
        self.plain([found, not_found]);
        self.plain(tumor);
        self.plain(suggests.iter().chain(stated));
    }
}
