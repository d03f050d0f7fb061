//! Slips: payments that customers sign without a network, for a merchant to present.

use crate::{
	pallet::*,
	pay::Today,
	types::*,
	weights::{most_burns, WeightInfo},
};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use codec::Encode;
use frame_support::{ensure, storage::with_storage_layer, traits::Time, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{Customers, InstitutionId, Moment, Money, Order};
use sp_runtime::{
	traits::{Verify, Zero},
	DispatchError, DispatchResult, Saturating,
};

/// A slip of this runtime.
pub(crate) type SlipOf<T> = Slip<<T as frame_system::Config>::AccountId, <T as Config>::Signature>;

/// What the slips of one call go by, read once.
struct Desk<Hash> {
	/// Who presents them.
	merchant: InstitutionId,
	today: Today,
	/// By the clock on the wall, which is what the phones that signed them have.
	now: Moment,
	genesis: Hash,
}

impl<T: Config> Pallet<T> {
	/// The hash of the genesis block, which is the one that the chain never forgets.
	pub(crate) fn genesis() -> T::Hash {
		frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
	}

	/// What a customer signs on the chain that begins with `genesis`.
	pub(crate) fn slip_on(
		genesis: &T::Hash,
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: &Order,
		price: Money,
		legs: &[Leg],
		until: Moment,
	) -> Vec<u8> {
		let payload = (*b"hanse/slip", genesis, merchant, payer, order, price, legs, until).encode();
		[&b"<Bytes>"[..], &payload, b"</Bytes>"].concat()
	}

	/// What presenting `slips` weighs at most.
	pub(crate) fn weight_of_slips(slips: &[SlipOf<T>]) -> Weight {
		let of_all = Self::weight_of_all(slips, slips.len() as u32);
		slips.iter().fold(of_all, |sum, slip| {
			sum.saturating_add(Self::weight_beyond_one(slip, most_burns(slip.legs.len())))
		})
	}

	/// What slips weigh of which each burns points of one vintage, when so many of them cancel a recovery. What those of
	/// one program have in common is written once.
	fn weight_of_all(slips: &[SlipOf<T>], recoveries: u32) -> Weight {
		let first_legs = slips.iter().filter_map(|slip| slip.legs.first());
		let programs: BTreeSet<_> = first_legs.map(|leg| leg.program).collect();
		let more_programs = T::WeightInfo::present_programs(programs.len() as u32)
			.saturating_sub(T::WeightInfo::present_programs(1));
		let cancelled = T::WeightInfo::present_recoveries(recoveries)
			.saturating_sub(T::WeightInfo::present_recoveries(0));
		T::WeightInfo::present_slips(slips.len() as u32)
			.saturating_add(more_programs)
			.saturating_add(cancelled)
	}

	/// What one slip weighs that burns points of so many vintages, beyond one that burns points of one.
	fn weight_beyond_one(slip: &SlipOf<T>, burns: u32) -> Weight {
		let legs = slip.legs.len() as u32;
		let one = T::WeightInfo::pay_legs(1);
		T::WeightInfo::pay_legs(legs)
			.saturating_sub(one)
			.saturating_add(T::WeightInfo::more_burns(legs, burns))
	}

	/// Returns what it weighed.
	pub(crate) fn do_present_slips(
		merchant: InstitutionId,
		slips: &[SlipOf<T>],
	) -> Result<Weight, DispatchError> {
		ensure!(!slips.is_empty(), Error::<T>::NoSlips);
		let desk = Desk { merchant, today: Self::today(), now: T::Time::now(), genesis: Self::genesis() };
		let (mut paid, mut recoveries, mut weight) = (0, 0, Weight::zero());
		for (place, slip) in (0..).zip(slips) {
			let Slip { payer, order, price, legs, .. } = slip;
			let booked = Self::check(slip, &desk).and_then(|()| {
				// A customer that signs has the key, whatever becomes of the payment.
				recoveries.saturating_accrue(u32::from(T::Customers::note_signature(payer)));
				let burns = with_storage_layer(|| {
					Self::do_pay(payer.clone(), merchant, *order, *price, legs, &desk.today)
				});
				// What failed may have come as far as its last burn.
				let most = most_burns(legs.len());
				let burned = burns.as_ref().map_or(most, |burns| burns.len() as u32);
				weight.saturating_accrue(Self::weight_beyond_one(slip, burned));
				burns
			});
			match booked {
				Ok(_) => paid += 1,
				Err(reason) => {
					let (payer, order) = (payer.clone(), *order);
					Self::deposit_event(Event::SlipRefused { merchant, place, payer, order, reason })
				},
			}
		}
		let refused = (slips.len() as u32).saturating_sub(paid);
		Self::deposit_event(Event::SlipsPresented { merchant, paid, refused });
		Ok(weight.saturating_add(Self::weight_of_all(slips, recoveries)))
	}

	/// Whether its payer signed a slip for this merchant, and it is good now. Everything else is the payment's to
	/// check.
	fn check(slip: &SlipOf<T>, desk: &Desk<T::Hash>) -> DispatchResult {
		let Slip { payer, order, price, legs, until, signature } = slip;
		let Desk { merchant, today, now, genesis } = desk;
		ensure!(now < until, Error::<T>::SlipExpired);
		ensure!(*until <= now.saturating_add(today.rules.slip_lifetime), Error::<T>::SlipTooLong);
		let signed = Self::slip_on(genesis, *merchant, payer, order, *price, legs, *until);
		ensure!(signature.verify(&signed[..], payer), Error::<T>::BadSignature);
		Ok(())
	}
}
