//! `Dosage` and `Timing`, in all the shapes orders come in.

use serde::Deserialize;

use super::datatypes::{Concept, Period, Quantity, Range, Ratio};
use super::lenient::{Many, NumberText, One, Text, object_items};

/// `Dosage`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Dosage<'a> {
    /// Free text of the instruction.
    #[serde(borrow)]
    pub text: Text<'a>,
    /// When it is given.
    #[serde(borrow)]
    pub timing: One<Timing<'a>>,
    /// How it enters the body.
    #[serde(borrow)]
    pub route: One<Concept<'a>>,
    /// How much.
    #[serde(borrow)]
    pub dose_and_rate: Many<DoseAndRate<'a>>,
    /// Upper limit per unit of time; some oncology systems put the cycle here.
    #[serde(borrow)]
    pub max_dose_per_period: Many<Ratio<'a>>,
    /// DSTU2/STU3 shape: dose outside `doseAndRate`.
    #[serde(borrow)]
    pub dose_quantity: One<Quantity<'a>>,
}

/// `Dosage.doseAndRate`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DoseAndRate<'a> {
    /// `doseQuantity`.
    #[serde(borrow)]
    pub dose_quantity: One<Quantity<'a>>,
    /// `doseRange`.
    #[serde(borrow)]
    pub dose_range: One<Range<'a>>,
    /// `rateQuantity`.
    #[serde(borrow)]
    pub rate_quantity: One<Quantity<'a>>,
    /// `rateRatio`.
    #[serde(borrow)]
    pub rate_ratio: One<Ratio<'a>>,
}

/// `Timing`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Timing<'a> {
    /// Dates on which it happens.
    #[serde(borrow)]
    pub event: Many<Text<'a>>,
    /// The pattern.
    #[serde(borrow)]
    pub repeat: One<Repeat<'a>>,
    /// A named schedule, or its words.
    #[serde(borrow)]
    pub code: One<Concept<'a>>,
}

/// `Timing.repeat`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Repeat<'a> {
    /// How often in a period; absent means once.
    #[serde(borrow)]
    pub frequency: NumberText<'a>,
    /// At most how often in a period.
    #[serde(borrow)]
    pub frequency_max: NumberText<'a>,
    /// Length of the period.
    #[serde(borrow)]
    pub period: NumberText<'a>,
    /// Longest length of the period.
    #[serde(borrow)]
    pub period_max: NumberText<'a>,
    /// UCUM time unit: `s`, `min`, `h`, `d`, `wk`, `mo`, `a`.
    #[serde(borrow)]
    pub period_unit: Text<'a>,
    /// How many times in all.
    #[serde(borrow)]
    pub count: NumberText<'a>,
    /// Days of the week.
    #[serde(borrow)]
    pub day_of_week: Many<Text<'a>>,
    /// Times of the day.
    #[serde(borrow)]
    pub time_of_day: Many<Text<'a>>,
    /// Events of the day, such as meals.
    #[serde(borrow)]
    pub when: Many<Text<'a>>,
    /// From when until when.
    #[serde(borrow)]
    pub bounds_period: One<Period<'a>>,
    /// For how long.
    #[serde(borrow)]
    pub bounds_duration: One<Quantity<'a>>,
}

object_items!(Dosage, DoseAndRate, Timing, Repeat);
