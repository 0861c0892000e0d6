//! The whole service through its router: the worked cases, the status table, hostile input, other systems' files.

#[cfg(test)]
mod cards;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod h6;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod prefetch_states;
#[cfg(test)]
mod status_table;
#[cfg(test)]
mod support;
#[cfg(test)]
mod third_party;
