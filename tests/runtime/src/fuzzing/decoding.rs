//! What comes from outside as bytes: nothing of it brings the runtime down, and what decodes encodes to the same.

use super::START;
use crate::wallet::in_pool;
use codec::{DecodeLimit, Encode};
use frame_support::{traits::ConstU32, BoundedVec, MAX_EXTRINSIC_DEPTH};
use hanse_primitives::InstitutionId;
use hanse_runtime::{
	configs::motions::Proposal, AccountId, Exchange, Runtime, RuntimeCall, SessionKeys, Signature,
	UncheckedExtrinsic,
};
use pallet_exchange::{Slip, MAX_SLIPS};
use sp_runtime::traits::Verify;

/// What bytes can be; their first one says it, by number.
pub const KINDS: [&str; 7] = ["transaction", "call", "motion", "slip", "slips", "consent", "session keys"];

type AnySlip = Slip<AccountId, Signature>;

/// Decodes bytes; what they were, if they were anything.
pub fn decode(bytes: &[u8]) -> Option<&'static str> {
	let (kind, bytes) = bytes.split_first()?;
	let kind = usize::from(*kind) % KINDS.len();
	let is_any = match KINDS[kind] {
		"transaction" => transaction(bytes),
		"call" => same::<RuntimeCall>(bytes).is_some(),
		"motion" => same::<Proposal>(bytes).is_some(),
		"slip" => {
			same::<(InstitutionId, AnySlip)>(bytes).map(|(merchant, slip)| verify(merchant, slip)).is_some()
		},
		"slips" => same::<BoundedVec<AnySlip, ConstU32<MAX_SLIPS>>>(bytes).is_some(),
		"consent" => same::<pallet_customers::Call<Runtime>>(bytes).is_some(),
		_ => same::<SessionKeys>(bytes).is_some(),
	};
	is_any.then_some(KINDS[kind])
}

/// What the start of `bytes` decodes to, which must encode to just that.
fn same<T: DecodeLimit + Encode>(bytes: &[u8]) -> Option<T> {
	let mut rest = bytes;
	let value = T::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut rest).ok()?;
	assert_eq!(value.encode(), bytes[..bytes.len() - rest.len()], "it encodes to something else");
	Some(value)
}

/// A transaction, which the pool then looks at.
fn transaction(bytes: &[u8]) -> bool {
	let Some(transaction) = same::<UncheckedExtrinsic>(bytes) else { return false };
	// The transaction keeps the bytes of its call, so that they are compared on their own.
	assert!(
		transaction.encode().ends_with(&transaction.function.encode()),
		"its call encodes to something else"
	);
	let _ = START.with_borrow_mut(|start| start.on_chain(|_| in_pool(&transaction)));
	true
}

/// A slip's signature can be looked at, whatever it is, and its bytes name the merchant. That no signature is good for
/// two merchants does not hold of the key that is all noughts: anybody signs for it.
fn verify(merchant: InstitutionId, slip: AnySlip) {
	START.with_borrow_mut(|start| {
		start.on_chain(|_| {
			let AnySlip { payer, order, price, legs, until, signature } = slip;
			let signed =
				|merchant| Exchange::slip(merchant, payer.clone(), order, price, legs.clone(), until);
			let _ = signature.verify(&signed(merchant)[..], &payer);
			assert_ne!(signed(merchant), signed(merchant.wrapping_add(1)), "a slip is good at two merchants");
		})
	})
}
