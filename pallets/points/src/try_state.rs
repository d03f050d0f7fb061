//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::{ensure, traits::fungibles::Inspect};
use hanse_primitives::{Balance, InstitutionId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_flows_equal_supply()?;
		Self::check_outstanding_value()?;
		Self::check_agenda()?;
		Self::check_issuers()
	}

	fn check_flows_equal_supply() -> Result<(), TryRuntimeError> {
		for (id, program) in Programs::<T>::iter() {
			let supply: Balance = program.vintages.iter().map(|v| T::Assets::total_issuance(v.asset)).sum();
			let flows = FlowsOf::<T>::get(id).in_circulation();
			ensure!(flows == Some(supply), "the flows of a program are not its supply");
		}
		Ok(())
	}

	fn check_outstanding_value() -> Result<(), TryRuntimeError> {
		let mut owed = BTreeMap::<InstitutionId, Balance>::new();
		for program in Programs::<T>::iter_values() {
			for vintage in &program.vintages {
				*owed.entry(program.issuer).or_default() +=
					T::Assets::total_issuance(vintage.asset) * Balance::from(vintage.face_value);
			}
		}
		for (id, outstanding) in Outstanding::<T>::iter() {
			let expected = owed.remove(&id).unwrap_or_default();
			ensure!(outstanding == expected, "an outstanding value is not that of the open vintages");
		}
		ensure!(owed.values().all(|value| *value == 0), "an outstanding value is not recorded");
		Ok(())
	}

	fn check_agenda() -> Result<(), TryRuntimeError> {
		let mut open: Vec<_> = Programs::<T>::iter_values()
			.flat_map(|program| program.vintages)
			.map(|vintage| (vintage.expires.to_be_bytes(), vintage.asset.to_be_bytes()))
			.collect();
		open.sort();
		let agenda: Vec<_> = Agenda::<T>::iter_keys().collect();
		ensure!(open == agenda, "the agenda is not the open vintages in the order of expiry");
		Ok(())
	}

	fn check_issuers() -> Result<(), TryRuntimeError> {
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
}
