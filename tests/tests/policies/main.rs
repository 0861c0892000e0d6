//! The content that decides: every policy with its cases, and the safety limits, against the declared data elements.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod content;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod therapy;
