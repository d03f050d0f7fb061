//! Refunds: a payment taken back, whole or in parts.

use crate::{pallet::*, types::*};
use frame_support::ensure;
use hanse_primitives::{program_of, Balance, Clearing, InstitutionId, Members, Order, Points, Reserves};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Returns the number of burns that were reversed.
	pub(crate) fn do_refund(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		value: Balance,
	) -> Result<u32, DispatchError> {
		ensure!(value > 0, Error::<T>::ZeroAmount);
		T::Members::ensure_books_open(merchant)?;
		let key = key_of(merchant, payer.clone(), order);
		let mut receipt = Self::open_receipt(&key)?;
		let after = receipt.refunded.checked_add(value).ok_or(Error::<T>::RefundTooLarge)?;
		ensure!(after <= receipt.price, Error::<T>::RefundTooLarge);

		let mut parts = receipt.parts.clone();
		for part in parts.iter_mut() {
			let due = receipt.due(part, after);
			part.returned = part.returned.saturating_add(due.points);
			Self::reverse(merchant, &payer, part, due)?;
		}
		// Of a merchant that is leaving, nothing that its holders need goes to others, nor to new holders.
		T::Clearing::ensure_serves_holders(merchant)?;
		receipt.parts = parts;
		receipt.refunded = after;
		let reversed = receipt.parts.len() as u32;
		Self::put_receipt(key, receipt);
		Self::deposit_event(Event::Refunded { merchant, payer, order, value });
		Ok(reversed)
	}

	/// Take `due` back of one part of a receipt.
	fn reverse(merchant: InstitutionId, payer: &T::AccountId, part: &mut Part, due: Due) -> DispatchResult {
		let asset = part.burn.asset;
		let issuer = T::Points::issuer(program_of(asset))?;
		let is_open = T::Points::open_vintage(asset).is_some();
		let place = if issuer == merchant && is_open { Some(asset) } else { T::Points::returns_to(asset) };
		match place {
			Some(place) if place == asset => {
				T::Clearing::release_accrued(issuer, due.interchange);
				part.released = part.released.saturating_add(due.interchange);
				T::Clearing::owe_back(merchant, issuer, due.net)?;
				T::Points::reinstate(payer, asset, due.points)
			},
			// The interchange stays due, and the issuer owes all of the value again: so it is the merchant that
			// bears it, as where it gives its own points.
			Some(place) => {
				T::Clearing::owe_back(merchant, issuer, due.value)?;
				T::Points::reinstate_value(payer, place, due.value).map(drop)
			},
			// Nobody else can take the points back, so the merchant keeps what it got for them and gives its
			// own.
			None => {
				let place = T::Points::vintage_of(merchant)?.ok_or(Error::<T>::NoProgram)?;
				T::Points::reinstate_value(payer, place, due.value).map(drop)
			},
		}
	}
}
