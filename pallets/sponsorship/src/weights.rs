//! The weight of charging a fee, from counted database operations; to be replaced by benchmarks.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use pallet_transaction_payment::{weights::SubstrateWeight, WeightInfo};

/// What the stock extension weighs and what this pallet adds to it, for `WeightInfo` of
/// `pallet-transaction-payment`.
///
/// One number for every transaction, since the extension's weight may not depend on the call: that of a
/// sponsored transfer, which is more than what finding out takes for whom somebody else acts. Each item counts
/// once: whoever pays is decided once, when a transaction is validated. What an offer reads of what the call moves
/// (the order and the legs of a payment, the calls of a batch) the call reads itself, and its own weight counts it.
pub struct ChargeWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> ChargeWeight<T> {
	/// Reads whether the signer is an institution, the vintage's program, the balance that is moved, who
	/// registered the person, the person's quota, the rules, the number of members, and the budget and the account
	/// of the sponsor and of who vouches; writes the quota and the budget, and the first nonce if the signer's
	/// account is killed. Whose balance is written, the sponsor's or the signer's, is one account as in the stock
	/// weight. What of this block the lanes use stays in memory.
	pub fn sponsoring() -> Weight {
		Weight::from_parts(35_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(12, 3))
	}
}

impl<T: frame_system::Config> WeightInfo for ChargeWeight<T> {
	fn charge_transaction_payment() -> Weight {
		SubstrateWeight::<T>::charge_transaction_payment().saturating_add(Self::sponsoring())
	}
}
