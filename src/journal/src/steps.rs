//! How long the steps of answers took.

use std::collections::BTreeMap;

use serde::Deserialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::export::Filter;
use crate::journal::Journal;
use crate::record::Step;
use crate::store::StoreError;

/// How long one step took, over some answers, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTimes {
    /// Name of the step.
    pub name: String,
    /// In how many answers it was taken.
    pub count: usize,
    /// Half of them took no longer.
    pub median: u64,
    /// Nine in ten took no longer.
    pub p90: u64,
    /// The longest.
    pub most: u64,
}

/// What is read of a record.
#[derive(Deserialize)]
struct Steps {
    #[serde(default)]
    steps: Vec<Step>,
}

impl Journal {
    /// How long each step took in the newest decisions that the filter chooses, at most so many, in the order of the steps.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn step_times(&self, filter: &Filter, most: u32) -> Result<Vec<StepTimes>, StoreError> {
        let sql = "SELECT body FROM decision WHERE at >= $1 AND at < $2 ORDER BY at DESC, id DESC LIMIT $3";
        let query = sqlx::query(sql).bind(filter.from()).bind(filter.until()).bind(i64::from(most));
        let steps = |row: &AnyRow| {
            let body: &str = row.try_get(0)?;
            serde_json::from_str::<Steps>(body).map_err(|_| StoreError::unreadable())
        };
        let rows = query.fetch_all(&self.readers).await?;
        Ok(times(&rows.iter().map(steps).collect::<Result<Vec<_>, StoreError>>()?))
    }
}

fn times(answers: &[Steps]) -> Vec<StepTimes> {
    let mut names: Vec<&str> = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for step in answers.iter().flat_map(|answer| &answer.steps) {
        if !by_name.contains_key(step.name.as_str()) {
            names.push(&step.name);
        }
        by_name.entry(&step.name).or_default().push(step.micros);
    }
    names.into_iter().filter_map(|name| summed_up(name, by_name.remove(name)?)).collect()
}

fn summed_up(name: &str, mut micros: Vec<u64>) -> Option<StepTimes> {
    micros.sort_unstable();
    let count = micros.len();
    // The smallest time that this share of all reached.
    let at = |tenths: usize| micros.get((count * tenths).div_ceil(10).saturating_sub(1)).copied();
    Some(StepTimes { name: name.into(), count, median: at(5)?, p90: at(9)?, most: micros.last().copied()? })
}
