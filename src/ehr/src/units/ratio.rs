//! Ratios of whole numbers: the size of a unit is always one (1 U is 1/60 umol/s), and often no decimal.

use criteria::{Decimal, Interval};

use crate::exact;

/// Most significant digits of a number that is not rounded. The UCUM library keeps 28 and drops zeros at the end; the
/// longest exact one of its tables has 19, the shortest rounded one 27.
const DIGITS: u32 = 20;

/// A positive ratio in lowest terms, so that equal ones are equal member by member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    over: i128,
    under: i128,
}

impl Ratio {
    pub(super) const ONE: Self = Self { over: 1, under: 1 };

    /// `over / under`; `None` where one of them is not positive.
    pub(super) fn new(over: i128, under: i128) -> Option<Self> {
        let divisor = (over > 0 && under > 0).then(|| common_divisor(over, under))?;
        Some(Self { over: over.checked_div(divisor)?, under: under.checked_div(divisor)? })
    }

    /// `digits` x 10^`exponent`; `None` where it is not positive, was perhaps rounded, or is too large or too small.
    pub(super) fn decimal(digits: i128, exponent: i32) -> Option<Self> {
        if digits.checked_ilog10()? >= DIGITS {
            return None;
        }
        let power = 10i128.checked_pow(exponent.unsigned_abs())?;
        if exponent < 0 { Self::new(digits, power) } else { Self::new(digits.checked_mul(power)?, 1) }
    }

    /// The product; `None` where it is too large or too small to be written down.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        // Reduced crosswise first: what can be written down in the end then never overflows on the way.
        let (one, two) = (Self::new(self.over, other.under)?, Self::new(other.over, self.under)?);
        let (over, under) = (one.over.checked_mul(two.over)?, one.under.checked_mul(two.under)?);
        Some(Self { over, under })
    }

    pub(super) const fn inverse(self) -> Self {
        Self { over: self.under, under: self.over }
    }

    /// The ratio times `by`, or over it where `is_inverse`: exact wherever that is a decimal.
    pub(super) fn interval(self, by: Decimal, is_inverse: bool) -> Option<Interval> {
        let whole = |number| Decimal::try_from_i128_with_scale(number, 0).ok().map(Interval::exactly);
        let (over, under, by) = (whole(self.over)?, whole(self.under)?, Interval::exactly(by));
        if is_inverse {
            return exact::quotient(&over, &exact::product(&under, &by));
        }
        let product = exact::product(&over, &by);
        if self.under == 1 { Some(product) } else { exact::quotient(&product, &under) }
    }
}

fn common_divisor(one: i128, other: i128) -> i128 {
    let (mut divisor, mut rest) = (one, other);
    while let Some(next) = divisor.checked_rem(rest) {
        (divisor, rest) = (rest, next);
    }
    divisor
}
