//! One function per invariant of the module's docs, in their order.

use crate::{math, pallet::*, types::*};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::ensure;
use hanse_primitives::{AssetId, InstitutionId, Liabilities, Money, Points, ProgramId, Reserves};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign},
	TryRuntimeError,
};

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_flows_are_what_circulates()?;
		Self::invariant_2_outstanding_value()?;
		Self::invariant_3_every_open_vintage_is_on_the_agenda()?;
		Self::invariant_4_programs_are_their_issuers()?;
		Self::invariant_5_what_is_pending()?;
		Self::invariant_6_every_program_closes_its_books()?;
		Self::invariant_7_nobody_gains()?;
		Self::invariant_8_orders_are_remembered_once()?;
		Self::invariant_9_what_came_with_money_was_made()
	}

	fn invariant_1_flows_are_what_circulates() -> Result<(), TryRuntimeError> {
		for (id, program) in Programs::<T>::iter() {
			let mut circulating: Points = 0;
			for vintage in &program.vintages {
				circulating.ensure_add_assign(Self::in_circulation(vintage)?)?;
			}
			let flows = FlowsOf::<T>::get(id).in_circulation();
			ensure!(flows == Ok(circulating), "the flows of a program are not what circulates of it");
		}
		Ok(())
	}

	fn invariant_2_outstanding_value() -> Result<(), TryRuntimeError> {
		let mut owed = BTreeMap::<InstitutionId, Money>::new();
		for program in Programs::<T>::iter_values() {
			for vintage in &program.vintages {
				let value = math::value_of(Self::in_circulation(vintage)?, vintage.face_value)?;
				owed.entry(program.issuer).or_default().ensure_add_assign(value)?;
			}
		}
		for (id, Liability { outstanding, authorised, .. }) in LiabilityOf::<T>::iter() {
			let expected = owed.remove(&id).unwrap_or_default().ensure_add(authorised)?;
			ensure!(
				outstanding == expected,
				"an outstanding value is not that of the open vintages and of what is authorised"
			);
		}
		ensure!(owed.values().all(|value| *value == 0), "an outstanding value is not recorded");
		Ok(())
	}

	fn invariant_3_every_open_vintage_is_on_the_agenda() -> Result<(), TryRuntimeError> {
		let mut open: Vec<_> = Programs::<T>::iter_values()
			.filter(|program| program.stopped.is_none())
			.flat_map(|program| program.vintages)
			.map(|vintage| Self::expiry_key(&vintage))
			.collect();
		open.sort();
		let agenda: Vec<_> = ExpiryQueue::<T>::iter_keys().collect();
		ensure!(open == agenda, "the agenda is not the open vintages in the order of expiry");
		Ok(())
	}

	fn invariant_4_programs_are_their_issuers() -> Result<(), TryRuntimeError> {
		for (id, _) in Programs::<T>::iter().filter(|(_, program)| !Self::is_gone(program.issuer)) {
			let readings = Labels::<T>::get(id).ok_or("a program has no name")?.readings();
			let is_own = readings.into_iter().all(|reading| ProgramByReading::<T>::get(reading) == Some(id));
			ensure!(is_own, "a program's name is not its own");
		}
		let mut listed = 0;
		for (institution, programs) in ProgramsOf::<T>::iter() {
			listed += programs.len();
			for id in programs {
				let issuer = Programs::<T>::get(id).map(|program| program.issuer);
				ensure!(issuer == Some(institution), "a program is listed under another institution");
			}
		}
		ensure!(listed == Programs::<T>::iter().count(), "a program is listed under no institution");
		Ok(())
	}

	fn invariant_5_what_is_pending() -> Result<(), TryRuntimeError> {
		let (mut awarded, mut held) = (BTreeMap::new(), BTreeMap::new());
		for ((_, asset, _), shares) in PendingBatches::<T>::iter() {
			let sum: &mut Points = awarded.entry(AssetId::from_be_bytes(asset)).or_default();
			for share in shares {
				sum.ensure_add_assign(share.amount)?;
			}
		}
		awarded.retain(|_, sum| *sum > 0);
		for (_, asset, amount) in PendingOf::<T>::iter() {
			held.entry(asset).or_insert(0).ensure_add_assign(amount)?;
		}
		ensure!(awarded == held, "what is pending for accounts is not what was awarded");
		for program in Programs::<T>::iter_values() {
			for Vintage { asset, .. } in program.vintages {
				let total = PendingTotal::<T>::get(asset);
				let sum = awarded.remove(&asset).unwrap_or_default();
				ensure!(total == sum, "what is pending of a vintage is not the sum of its awards");
			}
		}
		let closed = awarded.keys().any(|asset| PendingTotal::<T>::get(asset) > 0);
		ensure!(!closed, "something is owed of a vintage that is closed");
		Ok(())
	}

	fn invariant_6_every_program_closes_its_books() -> Result<(), TryRuntimeError> {
		let mut programs: Vec<_> = Programs::<T>::iter_keys().collect();
		let mut closing: Vec<_> =
			PeriodEnds::<T>::iter_keys().map(|(_, id)| ProgramId::from_be_bytes(id)).collect();
		programs.sort();
		closing.sort();
		ensure!(programs == closing, "a program does not close its books once");
		Ok(())
	}

	fn invariant_7_nobody_gains() -> Result<(), TryRuntimeError> {
		for (id, LifetimeValue { created, lapsed }) in LifetimeValueOf::<T>::iter() {
			let spent = created.checked_sub(lapsed).and_then(|rest| rest.checked_sub(Self::outstanding(id)));
			let is_enough = spent.is_some_and(|spent| spent >= T::Clearing::net_paid(id));
			ensure!(is_enough, "an institution paid more than its points were worth");
		}
		Ok(())
	}

	fn invariant_8_orders_are_remembered_once() -> Result<(), TryRuntimeError> {
		let mut listed = Vec::new();
		for ((_, number), batch) in AwardBatchesByEra::<T>::iter() {
			for order in batch.orders {
				let served =
					AwardedOrders::<T>::get(batch.program, order).ok_or("a served order is forgotten")?;
				let fits = served.fits(u64::from_be_bytes(number), batch.matures);
				ensure!(fits, "a served order is not where its award is");
				listed.push((batch.program, order));
			}
		}
		let count = listed.len();
		listed.sort();
		listed.dedup();
		ensure!(
			listed.len() == count && count == AwardedOrders::<T>::iter().count(),
			"an order is not listed once"
		);
		Ok(())
	}

	fn invariant_9_what_came_with_money_was_made() -> Result<(), TryRuntimeError> {
		for (id, Funded { value, spent, .. }) in FundedOf::<T>::iter() {
			let was_made = value <= LifetimeValueOf::<T>::get(id).created && spent <= Self::spent(id);
			ensure!(was_made, "what came with money of late was not made, or spent before it was");
		}
		Ok(())
	}
}
