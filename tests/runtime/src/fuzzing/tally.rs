//! What was called, and what of it succeeded.

use std::{collections::BTreeMap, fmt};

/// The name of a call: its pallet and its own.
pub type Name = (&'static str, &'static str);

/// How often each call was dispatched, and how often it succeeded.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<Name, (u64, u64)>);

impl Tally {
	pub(super) fn count(&mut self, name: Name, succeeded: bool) {
		let (calls, successes) = self.0.entry(name).or_default();
		*calls += 1;
		*successes += u64::from(succeeded);
	}

	/// Adds what another history did.
	pub fn add(&mut self, other: &Self) {
		for (name, (calls, successes)) in &other.0 {
			let entry = self.0.entry(*name).or_default();
			*entry = (entry.0 + calls, entry.1 + successes);
		}
	}

	/// Calls in all.
	pub fn calls(&self) -> u64 {
		self.0.values().map(|(calls, _)| calls).sum()
	}

	/// Those of them that succeeded.
	pub fn successes(&self) -> u64 {
		self.0.values().map(|(_, successes)| successes).sum()
	}

	/// How often a call, `Points.issue` say, succeeded.
	pub fn successes_of(&self, name: &str) -> u64 {
		let is_it = |(pallet, call): &Name| name.split_once('.') == Some((*pallet, *call));
		self.0.iter().find(|(name, _)| is_it(name)).map_or(0, |(_, (_, successes))| *successes)
	}
}

impl fmt::Display for Tally {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		for ((pallet, call), (calls, successes)) in &self.0 {
			writeln!(f, "{successes:>10} of {calls:>10}  {pallet}.{call}")?;
		}
		write!(f, "{:>10} of {:>10}  in all", self.successes(), self.calls())
	}
}
