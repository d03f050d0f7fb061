//! The weight of charging a fee, from counted database operations; to be replaced by benchmarks.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use pallet_transaction_payment::{weights::SubstrateWeight, WeightInfo};

/// What the stock extension weighs and what this pallet adds to it, for `WeightInfo` of
/// `pallet-transaction-payment`.
///
/// One number for every transaction, since the extension's weight may not depend on the call: that of a
/// sponsored transfer. Each item counts once, although the pallet decides twice, for validating and for
/// withdrawing: the second time it is in the overlay. What an offer reads of what the call moves (the legs of
/// a payment, the calls of a batch) the call reads itself, and its own weight counts it.
pub struct ChargeWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> ChargeWeight<T> {
	/// Reads whether the signer is an institution, the vintage's program, the balance that is moved, who
	/// registered the person, the person's quota, the rules, the budget and the sponsor's account; writes
	/// the quota and the budget. Whose balance is written, the sponsor's or the signer's, is one account as
	/// in the stock weight.
	pub fn sponsoring() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 2))
	}
}

impl<T: frame_system::Config> WeightInfo for ChargeWeight<T> {
	fn charge_transaction_payment() -> Weight {
		SubstrateWeight::<T>::charge_transaction_payment().saturating_add(Self::sponsoring())
	}
}
