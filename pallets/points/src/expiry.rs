//! Time: booking the breakage of vintages that are due, and sweeping what they leave.

use crate::{
	math,
	pallet::*,
	types::{PointsInconsistency, Vintage},
	weights::WeightInfo,
	RETRY,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	storage::with_storage_layer,
	traits::{
		fungibles::{Destroy, Inspect},
		Get,
	},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	program_of, AssetId, DeadlineClock, Halts, InstitutionId, Moment,
};
use sp_runtime::{traits::EnsureAddAssign, DispatchError, DispatchResult};

/// Vintages whose breakage is booked in one block at most.
pub(crate) const MAX_EXPIRIES_PER_BLOCK: u32 = 16;
/// Dead accounts that one block sweeps at most.
const MAX_SWEPT_PER_BLOCK: u64 = 500;

/// What a vintage that expired leaves to book.
struct Expired {
	issuer: InstitutionId,
	vintage: Vintage,
	/// The vintage of its program that expires last, into which the points of halted customers are carried.
	last: Option<Vintage>,
}

impl<T: Config> Pallet<T> {
	/// Book every vintage that is due, in the order of expiry, as far as `meter` and the bound allow;
	/// the next block goes on.
	pub(crate) fn book_expiries(meter: &mut WeightMeter) {
		due::serve(&mut DueVintages::<T>(PhantomData), MAX_EXPIRIES_PER_BLOCK, meter);
	}

	/// Book what is left of one vintage as breakage, pending awards included, and close its asset for good.
	/// The number of writes depends on how many customers are `halted`, but not on the number of holders.
	fn book_expiry(asset: AssetId, halted: &[T::AccountId]) -> DispatchResult {
		let id = program_of(asset);
		let Expired { issuer, vintage, last } = Self::close_vintage(asset)?;
		let amount = Self::in_circulation(&vintage)?;
		PendingTotal::<T>::remove(asset);
		let value = math::value_of(amount, vintage.face_value)?;
		FlowsOf::<T>::try_mutate(id, |flows| flows.expired.ensure_add_assign(amount))?;
		Self::book_lapsed(issuer, value)?;
		T::Assets::start_destroy(asset, None)?;
		SweepQueue::<T>::insert(asset, ());
		Self::deposit_event(Event::VintageExpired { program: id, asset, amount, value });
		let Some(last) = last else { return Ok(()) };
		for holder in halted {
			// What one of them has must not keep the vintage of all others open.
			if with_storage_layer(|| Self::roll_over(holder, issuer, &vintage, &last)).is_err() {
				Self::report(PointsInconsistency::Carry { asset, holder: holder.clone() });
			}
		}
		Ok(())
	}

	/// Whether a vintage is among those of its program, and not booked as breakage yet.
	pub(crate) fn is_listed(asset: AssetId) -> bool {
		let program = Programs::<T>::get(program_of(asset));
		program.is_some_and(|program| program.vintages.iter().any(|vintage| vintage.asset == asset))
	}

	/// Take a vintage off its program's list.
	fn close_vintage(asset: AssetId) -> Result<Expired, DispatchError> {
		Programs::<T>::try_mutate(program_of(asset), |program| {
			let program = program.as_mut().ok_or(Error::<T>::NotFound)?;
			let place = program.vintages.iter().position(|v| v.asset == asset).ok_or(Error::<T>::NotOpen)?;
			let vintage = program.vintages.remove(place);
			let last = program.unexpired(T::DeadlineClock::now()).last().copied();
			Ok(Expired { issuer: program.issuer, vintage, last })
		})
	}

	/// Make what a halted customer holds of a vintage that is booked as breakage again in another one, at
	/// equal value. Rounded down: what is lost stays the issuer's.
	fn roll_over(
		holder: &T::AccountId,
		issuer: InstitutionId,
		from: &Vintage,
		to: &Vintage,
	) -> DispatchResult {
		let points = T::Assets::balance(from.asset, holder);
		let value = math::value_of(points, from.face_value)?;
		Self::mint_reinstated(holder, issuer, to, math::points_for(value, to.face_value))
	}

	/// Sweep one closed vintage and the records of past eras, as far as `meter` allows.
	pub(crate) fn sweep(meter: &mut WeightMeter) {
		Self::sweep_vintage(meter);
		Self::forget_orders(meter);
	}

	fn sweep_vintage(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::sweep_base()).is_err() {
			return;
		}
		let Some(asset) = SweepQueue::<T>::iter_keys().next() else { return };
		let each = T::WeightInfo::sweep_account();
		let most =
			meter.remaining().checked_div_per_component(&each).unwrap_or(0).min(MAX_SWEPT_PER_BLOCK) as u32;
		if most == 0 {
			return;
		}
		let swept = with_storage_layer(|| {
			let swept = T::Assets::destroy_accounts(asset, most)?;
			if swept < most {
				T::Assets::finish_destroy(asset)?;
				SweepQueue::<T>::remove(asset);
				Self::deposit_event(Event::VintageSwept { asset });
			}
			Ok::<_, DispatchError>(swept)
		});
		match swept {
			Ok(swept) => meter.consume(each.saturating_mul(swept.into())),
			// What is left of its accounts is worth nothing: it stays, and must not keep others from being swept.
			Err(_) => {
				SweepQueue::<T>::remove(asset);
				Self::report(PointsInconsistency::Sweep { asset });
			},
		}
	}
}

/// Vintages that are expired, in the order of their expiry.
struct DueVintages<T>(PhantomData<T>);

impl<T: Config> DueQueue for DueVintages<T> {
	type Entry = ([u8; 8], [u8; 4]);
	/// The customers whose points were halted when it expired.
	type Item = Vec<T::AccountId>;

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(1)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let (expires, asset) = ExpiryQueue::<T>::iter_keys().next()?;
		(Moment::from_be_bytes(expires) <= T::DeadlineClock::now()).then_some((expires, asset))
	}

	fn load_weight(&self) -> Weight {
		T::WeightInfo::expire(0)
	}

	fn load(&self, (expires, _): &Self::Entry) -> Option<Self::Item> {
		Some(T::Halts::halted_at(Moment::from_be_bytes(*expires)))
	}

	fn weigh(&self, halted: &Self::Item) -> Weight {
		T::WeightInfo::roll_over().saturating_mul(halted.len() as u64)
	}

	fn remove(&mut self, entry: &Self::Entry) {
		ExpiryQueue::<T>::remove(entry);
	}

	fn serve(
		&mut self,
		(_, asset): &Self::Entry,
		halted: &mut Self::Item,
		_: &mut WeightMeter,
	) -> DispatchResult {
		Pallet::<T>::book_expiry(AssetId::from_be_bytes(*asset), halted)
	}

	/// Until it is booked its points are owed: so it lives longer, and is tried again.
	fn failed(&mut self, (_, asset): Self::Entry, _: Option<Self::Item>, _: DispatchError) {
		let asset = AssetId::from_be_bytes(asset);
		let again = T::DeadlineClock::now().saturating_add(RETRY);
		Programs::<T>::mutate_extant(program_of(asset), |program| {
			if let Some(vintage) = program.prolong(asset, again) {
				ExpiryQueue::<T>::insert(Pallet::<T>::expiry_key(&vintage), ());
			}
		});
		Pallet::<T>::report(PointsInconsistency::Expiry { asset });
	}
}
