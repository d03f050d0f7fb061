//! What many values have in common.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The value in the middle of several, with the least and the most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
	pub median: f64,
	pub least: f64,
	pub most: f64,
	pub count: usize,
}

impl Spread {
	/// Nothing of nothing.
	pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
		let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
		values.sort_by(f64::total_cmp);
		let (least, most) = (*values.first()?, *values.last()?);
		let middle = values.len() / 2;
		let median = match values.len() % 2 {
			0 => (values[middle - 1] + values[middle]) / 2.0,
			_ => values[middle],
		};
		Some(Self { median, least, most, count: values.len() })
	}
}

impl fmt::Display for Spread {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let digits = if self.median.abs() >= 100.0 { 0 } else { 2 };
		write!(f, "{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.least, self.most)
	}
}

/// How long things took, in seconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Times {
	pub p50: f64,
	pub p95: f64,
	pub p99: f64,
	pub most: f64,
}

impl Times {
	pub fn of(mut times: Vec<f64>) -> Self {
		times.sort_by(f64::total_cmp);
		let at = |share: f64| {
			let place = (times.len() as f64 * share) as usize;
			times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
		};
		Self { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1.0) }
	}
}

impl fmt::Display for Times {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "p50 {:.2} s, p95 {:.2} s, p99 {:.2} s", self.p50, self.p95, self.p99)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_median_of_an_even_number_lies_between_two() {
		let spread = Spread::of([4.0, 1.0, 3.0, 2.0]);
		assert_eq!(spread, Some(Spread { median: 2.5, least: 1.0, most: 4.0, count: 4 }));
		assert_eq!(Spread::of([]), None);
	}

	#[test]
	fn ninety_nine_of_a_hundred_are_within_p99() {
		let times = Times::of((1..=100).map(f64::from).collect());
		assert_eq!((times.p50, times.p99, times.most), (51.0, 100.0, 100.0));
	}
}
