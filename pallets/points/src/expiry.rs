//! Time: booking the breakage of vintages that are due, and sweeping what they leave.

use crate::{math, pallet::*, types::Vintage, weights::WeightInfo};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::{
		fungibles::{Destroy, Inspect},
		Get,
	},
	weights::WeightMeter,
};
use hanse_primitives::{program_of, AssetId, Clock, Halts, InstitutionId, Moment};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// Dead accounts that one block sweeps at most.
const MAX_SWEPT_PER_BLOCK: u64 = 500;

impl<T: Config> Pallet<T> {
	/// Book every vintage that is due, in the order of expiry, as far as `meter` and the bound allow;
	/// the next block goes on.
	pub(crate) fn book_expiries(meter: &mut WeightMeter) {
		let now = T::Clock::now();
		for _ in 0..T::MaxExpiriesPerBlock::get() {
			// Looking at what is next is all that most blocks pay for.
			if meter.try_consume(T::DbWeight::get().reads(1)).is_err() {
				return;
			}
			let Some((expires, asset)) = Agenda::<T>::iter_keys().next() else { return };
			let moment = Moment::from_be_bytes(expires);
			if moment > now || meter.try_consume(T::WeightInfo::expire()).is_err() {
				return;
			}
			let halted = T::Halts::halted_at(moment);
			let carrying = T::WeightInfo::carry().saturating_mul(halted.len() as u64);
			if meter.try_consume(carrying).is_err() {
				return;
			}
			// Off the agenda even if it cannot be booked: one bad vintage must not stop all others.
			Agenda::<T>::remove((expires, asset));
			let asset = AssetId::from_be_bytes(asset);
			if with_storage_layer(|| Self::book_expiry(asset, &halted)).is_err() {
				defensive!("a vintage that is due could not be booked", asset);
			}
		}
	}

	/// Book what is left of one vintage as breakage, pending awards included, and close its asset for good.
	/// The number of writes depends on how many customers are `halted`, but not on the number of holders.
	fn book_expiry(asset: AssetId, halted: &[T::AccountId]) -> DispatchResult {
		let id = program_of(asset);
		let (issuer, vintage, last) = Programs::<T>::try_mutate(id, |program| {
			let program = program.as_mut().ok_or(Error::<T>::NotFound)?;
			let place = program.vintages.iter().position(|v| v.asset == asset).ok_or(Error::<T>::NotFound)?;
			let vintage = program.vintages.remove(place);
			let last = program.unexpired(T::Clock::now()).last().copied();
			Ok::<_, DispatchError>((program.issuer, vintage, last))
		})?;
		let pending = PendingTotal::<T>::take(asset);
		let amount =
			T::Assets::total_issuance(asset).checked_add(pending).ok_or(ArithmeticError::Overflow)?;
		let value = math::value_of(amount, vintage.face_value).ok_or(ArithmeticError::Overflow)?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.expired, amount))?;
		Self::lapse(issuer, value)?;
		T::Assets::start_destroy(asset, None)?;
		Closed::<T>::insert(asset, ());
		Self::deposit_event(Event::VintageExpired { program: id, asset, amount, value });
		if let Some(last) = last {
			for holder in halted {
				// What one of them has must not keep the vintage of all others open.
				if with_storage_layer(|| Self::carry(holder, issuer, &vintage, &last)).is_err() {
					defensive!("points of a halted customer could not be carried", asset);
				}
			}
		}
		Ok(())
	}

	/// Make what a halted customer holds of a vintage that is booked as breakage again in another one, at
	/// equal value. Rounded down: what is lost stays the issuer's.
	fn carry(holder: &T::AccountId, issuer: InstitutionId, from: &Vintage, to: &Vintage) -> DispatchResult {
		let points = T::Assets::balance(from.asset, holder);
		let value = math::value_of(points, from.face_value).ok_or(ArithmeticError::Overflow)?;
		Self::mint_again(holder, issuer, to, math::points_for(value, to.face_value))
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
		let Some(asset) = Closed::<T>::iter_keys().next() else { return };
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
				Closed::<T>::remove(asset);
				Self::deposit_event(Event::VintageSwept { asset });
			}
			Ok::<_, DispatchError>(swept)
		});
		match swept {
			Ok(swept) => meter.consume(each.saturating_mul(swept.into())),
			Err(_) => {
				defensive!("a closed vintage cannot be swept", asset);
			},
		}
	}
}
