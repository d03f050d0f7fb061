//! Payments in two steps: a customer authorises, the merchant captures, or it is void.

use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{
	defensive, ensure,
	storage::with_storage_layer,
	traits::{Get, Time},
	weights::WeightMeter,
};
use hanse_primitives::{Balance, Burn, Clearing, InstitutionId, Order, Points};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// Authorisations that one block ends at most.
const MAX_ENDED_PER_BLOCK: u32 = 16;

impl<T: Config> Pallet<T> {
	/// Returns the number of burns.
	pub(crate) fn do_authorize(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
		legs: &[Leg],
	) -> Result<u32, DispatchError> {
		let key = Self::ensure_payable(&payer, merchant, order, price)?;
		let lasting = T::AuthorisationTime::get();
		let burns = Self::draw(&payer, merchant, price, legs, lasting)?;
		let interchange = T::Interchange::get();
		let parts = Self::split(merchant, price, &burns, interchange)?;
		let mut kept = Vec::new();
		for owed in Self::owed(merchant, &parts)? {
			let earmark = T::Clearing::earmark(owed.issuer, merchant, owed.net)?;
			T::Clearing::accrue(owed.issuer, owed.interchange)?;
			kept.push(Kept { issuer: owed.issuer, earmark, interchange: owed.interchange });
		}
		let kept = kept.try_into().map_err(|_| ArithmeticError::Overflow)?;
		let deadline = T::Time::now().saturating_add(lasting);
		let count = burns.len() as u32;
		let burns = burns.try_into().map_err(|_| ArithmeticError::Overflow)?;
		Authorisations::<T>::insert(&key, Authorisation { price, deadline, interchange, burns, kept });
		Deadlines::<T>::insert(deadline.to_be_bytes(), key, ());
		Self::deposit_event(Event::Authorised { merchant, payer, order, price, deadline });
		Ok(count)
	}

	/// Returns the number of burns.
	pub(crate) fn do_capture(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		value: Balance,
	) -> Result<u32, DispatchError> {
		ensure!(value > 0, Error::<T>::ZeroAmount);
		let key = key_of(merchant, payer.clone(), order);
		let authorisation = Self::take(&key)?;
		ensure!(T::Time::now() < authorisation.deadline, Error::<T>::AuthorisationOver);
		ensure!(value <= authorisation.price, Error::<T>::CaptureTooLarge);

		Self::release(merchant, &authorisation);
		let parts = Self::split(merchant, value, &authorisation.burns, authorisation.interchange)?;
		Self::settle(merchant, &parts)?;
		for (place, burn) in authorisation.burns.iter().enumerate() {
			let taken = parts.get(place).map(|part| part.burn.points).unwrap_or_default();
			Self::give_back(&payer, burn, burn.points.saturating_sub(taken))?;
		}
		let count = authorisation.burns.len() as u32;
		Self::keep_receipt(key, order, value, parts)?;
		Self::deposit_event(Event::Captured { merchant, payer, order, value });
		Ok(count)
	}

	/// End an authorisation: `by` the merchant at any time, by anybody when its time is over. Returns the
	/// number of burns.
	pub(crate) fn do_void(
		by: Option<InstitutionId>,
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
	) -> Result<u32, DispatchError> {
		let key = key_of(merchant, payer.clone(), order);
		let authorisation = Self::take(&key)?;
		let is_over = T::Time::now() >= authorisation.deadline;
		ensure!(is_over || by == Some(merchant), Error::<T>::AuthorisationRuns);
		Self::release(merchant, &authorisation);
		for burn in &authorisation.burns {
			Self::give_back(&payer, burn, burn.points)?;
		}
		Self::deposit_event(Event::Voided { merchant, payer, order });
		Ok(authorisation.burns.len() as u32)
	}

	/// End authorisations whose time is over, those first that were over first, as far as `meter` allows.
	pub(crate) fn end_past_authorisations(meter: &mut WeightMeter) {
		for _ in 0..MAX_ENDED_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
				return;
			}
			let Some((deadline, key)) = Deadlines::<T>::iter_keys().next() else { return };
			if u64::from_be_bytes(deadline) > T::Time::now() {
				return;
			}
			let burns = Authorisations::<T>::get(&key).map_or(0, |a| a.burns.len() as u32);
			if meter.try_consume(T::WeightInfo::void(burns)).is_err() {
				return;
			}
			// Off the list even if it cannot be ended: one must not stop all others.
			Deadlines::<T>::remove(deadline, &key);
			let (era, merchant, payer, commitment) = key;
			let order = Order { era: u32::from_be_bytes(era), commitment };
			if with_storage_layer(|| Self::do_void(None, merchant, payer, order)).is_err() {
				defensive!("an authorisation that is over could not be ended");
			}
		}
	}

	fn take(key: &Key<T::AccountId>) -> Result<Authorisation, DispatchError> {
		let authorisation = Authorisations::<T>::take(key).ok_or(Error::<T>::NotFound)?;
		Deadlines::<T>::remove(authorisation.deadline.to_be_bytes(), key);
		Ok(authorisation)
	}

	/// Give back what was kept for the issuers' obligations.
	fn release(merchant: InstitutionId, authorisation: &Authorisation) {
		for Kept { issuer, earmark, interchange } in &authorisation.kept {
			T::Clearing::release_earmark(*issuer, merchant, *earmark);
			T::Clearing::release_accrued(*issuer, *interchange);
		}
	}

	/// Mint points of a burn back. Its vintage outlives the authorisation; where it does not, since a block
	/// came late, they come back at equal value in another, or have expired as all others.
	fn give_back(payer: &T::AccountId, burn: &Burn, points: Balance) -> DispatchResult {
		if T::Points::open_vintage(burn.asset).is_some() {
			return T::Points::reinstate(payer, burn.asset, points);
		}
		match T::Points::returns_to(burn.asset) {
			None => Ok(()),
			Some(place) => {
				let value = crate::math::share(burn.value, points, burn.points);
				T::Points::reinstate_value(payer, place, value).map(drop)
			},
		}
	}
}
