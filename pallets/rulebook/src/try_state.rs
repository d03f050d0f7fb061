//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, DecisionId, DecisionSubject, Rule};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::{ensure, traits::Time};
use hanse_primitives::{Moment, Motions, MAX_MOTIONS_OF_ONE};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_history()?;
		Self::invariant_2_decision_queue()?;
		Self::invariant_3_amendments_wait_once()?;
		Self::invariant_4_grace_periods()?;
		Self::invariant_5_rules_work_together()?;
		Self::invariant_6_clock()?;
		Self::invariant_7_filed_motions()
	}

	fn invariant_6_clock() -> Result<(), TryRuntimeError> {
		ensure!(StoppedFor::<T>::get() <= T::Time::now(), "the clock stood for longer than time has run");
		ensure!(!PreviousBlock::<T>::exists(), "what is of one block outlived it");
		Ok(())
	}

	fn invariant_1_history() -> Result<(), TryRuntimeError> {
		let latest = LatestVersion::<T>::get();
		let versions: Option<Vec<_>> = (0..=latest).map(Versions::<T>::get).collect();
		let versions = versions.ok_or("a version of the rules is missing")?;
		ensure!(Versions::<T>::iter_keys().count() == versions.len(), "a version is newer than the latest");
		ensure!(
			versions.last().is_some_and(|version| version.rules == CurrentRules::<T>::get()),
			"the rules in force are not the latest version"
		);

		let mut amended = BTreeSet::new();
		for (before, after) in versions.iter().zip(versions.iter().skip(1)) {
			let changed: Vec<_> =
				Rule::all().filter(|rule| before.rules.get(*rule) != after.rules.get(*rule)).collect();
			ensure!(changed.len() == 1, "a version changed another count of numbers than one");
			amended.extend(changed);
		}
		let recorded: BTreeSet<_> = AmendedInEra::<T>::iter_keys().collect();
		ensure!(amended == recorded, "the rules that were amended are not those that changed");
		Ok(())
	}

	fn invariant_2_decision_queue() -> Result<(), TryRuntimeError> {
		let mut pending: Vec<(Moment, DecisionId)> =
			PendingDecisions::<T>::iter().map(|(id, decision)| (decision.due, id)).collect();
		pending.sort();
		ensure!(
			DecisionQueue::<T>::get().into_inner() == pending,
			"the agenda is not what is pending, in order"
		);
		let last = LastDecision::<T>::get();
		ensure!(pending.iter().all(|(_, id)| (1..=last).contains(id)), "an id would be used again");
		Ok(())
	}

	fn invariant_3_amendments_wait_once() -> Result<(), TryRuntimeError> {
		let mut seen = BTreeSet::new();
		for decision in PendingDecisions::<T>::iter_values() {
			if let DecisionSubject::Amendment { rule, .. } = decision.what {
				ensure!(seen.insert(rule), "two amendments of one rule wait");
			}
		}
		Ok(())
	}

	fn invariant_4_grace_periods() -> Result<(), TryRuntimeError> {
		let rules = CurrentRules::<T>::get();
		for (rule, easing) in GracePeriods::<T>::iter() {
			ensure!(rule.stricter().is_some(), "what is no requirement is eased");
			ensure!(rule.is_stricter(rules.get(rule), easing.value), "an easing is no easier than the rule");
		}
		Ok(())
	}

	fn invariant_7_filed_motions() -> Result<(), TryRuntimeError> {
		let docket = FiledMotions::<T>::get();
		let filed: Vec<_> = docket.iter().map(|filed| filed.motion).collect();
		for motion in T::Motions::open() {
			ensure!(
				filed.iter().filter(|other| **other == motion).count() == 1,
				"an open motion is not filed once"
			);
			ensure!(!DefeatedMotions::<T>::contains_key(motion), "an open motion is defeated");
			let by = docket.iter().find(|filed| filed.motion == motion).map(|filed| &filed.by);
			let of_one = docket.iter().filter(|filed| Some(&filed.by) == by).count();
			ensure!(of_one <= MAX_MOTIONS_OF_ONE as usize, "somebody has more than two motions");
		}
		Ok(())
	}

	fn invariant_5_rules_work_together() -> Result<(), TryRuntimeError> {
		let rules = CurrentRules::<T>::get();
		rules.ensure_consistent()?;
		ensure!(
			CurrentEraClock::<T>::get().length == rules.era,
			"the clock's eras are not as long as the rules say"
		);
		Ok(())
	}
}
