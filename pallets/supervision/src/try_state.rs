//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, types::*, MAX_LOG, MAX_REQUESTS};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::ensure;
use hanse_primitives::DeadlineClock;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_halts()?;
		Self::invariant_2_deadlines()?;
		Self::invariant_3_open_requests()?;
		Self::invariant_4_supervisors()?;
		Self::invariant_5_log()
	}

	fn invariant_1_halts() -> Result<(), TryRuntimeError> {
		let running = ActiveHalts::<T>::get();
		for (place, HaltSpan { target, since, until }) in running.iter().enumerate() {
			let is_recorded = HaltRecords::<T>::get(target)
				.is_some_and(|record| (record.since, record.until) == (*since, *until));
			ensure!(is_recorded, "a halt runs that is not recorded so");
			let is_twice = running.iter().skip(place + 1).any(|other| other.target == *target);
			ensure!(!is_twice, "a halt runs twice");
		}
		let now = T::DeadlineClock::now();
		for (target, record) in HaltRecords::<T>::iter() {
			let is_running = running.iter().any(|span| span.target == target);
			ensure!(record.until <= now || is_running, "a halt does not run that is not over");
			ensure!(record.until <= now || !record.may_repeat, "a halt may be repeated that is not over");
		}
		Ok(())
	}

	fn invariant_2_deadlines() -> Result<(), TryRuntimeError> {
		let last = LastRequestId::<T>::get();
		let mut open = Vec::new();
		for (id, request) in DisclosureRequests::<T>::iter() {
			ensure!((1..=last).contains(&id), "a request has a number that was not given");
			open.push((request.deadline.to_be_bytes(), id));
		}
		let mut ahead: Vec<_> = RequestDeadlines::<T>::iter_keys().collect();
		open.sort();
		ahead.sort();
		ensure!(open == ahead, "the agenda is not the deadlines of the open requests");
		Ok(())
	}

	fn invariant_3_open_requests() -> Result<(), TryRuntimeError> {
		let mut counted = BTreeMap::<T::AccountId, u32>::new();
		for request in DisclosureRequests::<T>::iter_values() {
			*counted.entry(request.by).or_default() += 1;
		}
		ensure!(counted.values().all(|open| *open <= MAX_REQUESTS), "a supervisor asks too much");
		let recorded: BTreeMap<_, _> = OpenRequests::<T>::iter().collect();
		ensure!(counted == recorded, "what is open of a supervisor is not its requests");
		Ok(())
	}

	fn invariant_4_supervisors() -> Result<(), TryRuntimeError> {
		let mut accounts: Vec<_> = Supervisors::<T>::get().into_iter().map(|s| s.account).collect();
		let listed = accounts.len();
		accounts.sort();
		accounts.dedup();
		ensure!(accounts.len() == listed, "a supervisor is appointed twice");
		Ok(())
	}

	fn invariant_5_log() -> Result<(), TryRuntimeError> {
		let uses = ActCountsOf::<T>::iter_values().fold(0, |sum: u32, uses| sum.saturating_add(uses.total()));
		let logged = ActLog::<T>::get().len() as u32;
		ensure!(logged == uses.min(MAX_LOG), "the log is not the last uses");
		Ok(())
	}
}
