//! Slips: payments that customers sign without a network, for a merchant to present.

use crate::{
	pallet::*,
	types::*,
	weights::{most_burns, WeightInfo},
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{Get, Time},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{Customers, InstitutionId, Moment, Money, Order};
use sp_runtime::{
	traits::{Verify, Zero},
	DispatchError, DispatchResult,
};

/// A slip of this runtime.
pub(crate) type SlipOf<T> = Slip<<T as frame_system::Config>::AccountId, <T as Config>::Signature>;

impl<T: Config> Pallet<T> {
	pub(crate) fn slip_to(
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: &Order,
		price: Money,
		legs: &[Leg],
		until: Moment,
	) -> Vec<u8> {
		// The hash of the genesis block is the one that the chain never forgets.
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
		let payload = (*b"hanse/slip", genesis, merchant, payer, order, price, legs, until).encode();
		[&b"<Bytes>"[..], &payload, b"</Bytes>"].concat()
	}

	/// What presenting `slips` weighs at most.
	pub(crate) fn weight_of_slips(slips: &[SlipOf<T>]) -> Weight {
		let checks = T::WeightInfo::present_slips(slips.len() as u32);
		slips.iter().fold(checks, |sum, slip| sum.saturating_add(Self::most_of(slip)))
	}

	fn most_of(slip: &SlipOf<T>) -> Weight {
		T::WeightInfo::pay_slip(slip.legs.len() as u32, most_burns(slip.legs.len()))
	}

	/// Returns what it weighed.
	pub(crate) fn do_present_slips(
		merchant: InstitutionId,
		slips: &[SlipOf<T>],
	) -> Result<Weight, DispatchError> {
		ensure!(!slips.is_empty(), Error::<T>::NoSlips);
		let (mut paid, mut weight) = (0, T::WeightInfo::present_slips(slips.len() as u32));
		for (place, slip) in (0..).zip(slips) {
			let booked = Self::check(merchant, slip).and_then(|()| {
				let legs = slip.legs.len() as u32;
				let burns = with_storage_layer(|| {
					Self::do_pay(slip.payer.clone(), merchant, slip.order, slip.price, &slip.legs)
				});
				// What failed may have come as far as its last burn.
				weight = weight.saturating_add(match &burns {
					Ok(burns) => T::WeightInfo::pay_slip(legs, burns.len() as u32),
					Err(_) => Self::most_of(slip),
				});
				burns
			});
			let (payer, order) = (slip.payer.clone(), slip.order);
			match booked {
				Ok(_) => paid += 1,
				Err(reason) => {
					Self::deposit_event(Event::SlipRefused { merchant, place, payer, order, reason })
				},
			}
		}
		let refused = (slips.len() as u32).saturating_sub(paid);
		Self::deposit_event(Event::SlipsPresented { merchant, paid, refused });
		Ok(weight)
	}

	/// Whether its payer signed a slip for this merchant, and it is good now. Everything else is the payment's to
	/// check.
	fn check(merchant: InstitutionId, slip: &SlipOf<T>) -> DispatchResult {
		let Slip { payer, order, price, legs, until, signature } = slip;
		// By the clock on the wall, which is what the phone that signed it has.
		let now = T::Time::now();
		ensure!(now < *until, Error::<T>::SlipExpired);
		ensure!(*until <= now.saturating_add(T::Rules::get().slip_lifetime), Error::<T>::SlipTooLong);
		let signed = Self::slip_to(merchant, payer, order, *price, legs, *until);
		ensure!(signature.verify(&signed[..], payer), Error::<T>::BadSignature);
		// A customer that signs has the key, whatever becomes of the payment.
		T::Customers::note_signature(payer);
		Ok(())
	}
}
