//! What a node may answer natively, where the chain's code is the Wasm of this build: what its pool and its clients ask
//! off chain. Nothing that blocks depend on is here.
//!
//! The native build is the same code as the Wasm and gives the same answers, byte for byte, but where it cannot it
//! says nothing, and the Wasm is asked:
//! - **bytes that cannot be read**. The Wasm stops at them; natively that would be a panic, which looks like a fault of
//!   the node and costs it much more than it costs who sent them;
//! - **calls in calls in calls**, deeper than anybody needs: the Wasm has a stack of its own, and what overflows it is an
//!   error; on a thread of the node it would be the end of the node;
//! - **transactions that are signed with the digest of the metadata**, as hardware wallets do: only the Wasm has it.

use crate::*;
use codec::{Decode, DecodeLimit, Encode};
use hanse_primitives::{InstitutionId, Members as _, Moment, Order, ProgramId, Tag};
use sp_core::sr25519;
use sp_runtime::{
	generic::{Preamble, SignedPayload},
	traits::StaticLookup,
	transaction_validity::{TransactionSource, TransactionValidity},
	Weight,
};

/// How deep a call may be in others, each of which is one or two. Wallets make eight, for a batch by the proxy of a
/// multisig account.
pub const MAX_DEPTH: u32 = 32;

/// The arguments of a method.
fn read<A: Decode>(mut data: &[u8]) -> Option<A> {
	A::decode_all_with_depth_limit(MAX_DEPTH, &mut data).ok()
}

/// Answers a method of the runtime's, inside of externalities. `None` where the Wasm has to be asked.
pub fn answer(method: &str, data: &[u8]) -> Option<Vec<u8>> {
	let is_readable = match method {
		VALIDATE => return validate(data).map(|validated| validated.validity.encode()),
		"AccountNonceApi_account_nonce" => read::<AccountId>(data).is_some(),
		"TransactionPaymentApi_query_info" | "TransactionPaymentApi_query_fee_details" => {
			read::<(UncheckedExtrinsic, u32)>(data).is_some()
		},
		"TransactionPaymentCallApi_query_call_info" | "TransactionPaymentCallApi_query_call_fee_details" => {
			read::<(RuntimeCall, u32)>(data).is_some()
		},
		"TransactionPaymentApi_query_weight_to_fee" | "TransactionPaymentCallApi_query_weight_to_fee" => {
			read::<Weight>(data).is_some()
		},
		"TransactionPaymentApi_query_length_to_fee" | "TransactionPaymentCallApi_query_length_to_fee" => {
			read::<u32>(data).is_some()
		},
		"HanseApi_portfolio" => read::<(AccountId, ProgramId)>(data).is_some(),
		"HanseApi_programs" => read::<ProgramId>(data).is_some(),
		"HanseApi_awarded" => read::<(ProgramId, reads::Commitments)>(data).is_some(),
		"HanseApi_quote_pay" => {
			read::<(AccountId, InstitutionId, Order, Balance, reads::Legs)>(data).is_some()
		},
		"HanseApi_slip" => {
			read::<(InstitutionId, AccountId, Order, Balance, reads::Legs, Moment)>(data).is_some()
		},
		"HanseApi_quote_exchange" => read::<(AccountId, ProgramId, Balance, ProgramId)>(data).is_some(),
		"HanseApi_receipt" => read::<(InstitutionId, AccountId, Order)>(data).is_some(),
		"HanseApi_statement" | "HanseApi_standing" | "HanseApi_shares_this_era" => {
			read::<InstitutionId>(data).is_some()
		},
		"HanseApi_roll_forward" => read::<(ProgramId, Moment)>(data).is_some(),
		"HanseApi_customer" => read::<AccountId>(data).is_some(),
		"HanseApi_consent" => read::<(InstitutionId, AccountId, Hash, Tag, bool, Moment)>(data).is_some(),
		"HanseApi_invitation" => read::<(AccountId, AccountId, Moment)>(data).is_some(),
		"HanseApi_acceptance" => read::<(InstitutionId, AccountId, AccountId, Moment)>(data).is_some(),
		"HanseApi_who_pays" => read::<(RuntimeCall, AccountId)>(data).is_some(),
		"HanseApi_majority_for" => read::<RuntimeCall>(data).is_some(),
		"HanseApi_rules" | "HanseApi_rule_table" => data.is_empty(),
		_ => false,
	};
	is_readable.then(|| apis::api::dispatch(method, data)).flatten()
}

/// The method by which the pool asks for the validity of a transaction.
pub const VALIDATE: &str = "TaggedTransactionQueue_validate_transaction";

/// What the pool is told of a transaction, and the signatures that a block verifies for it.
pub struct Validated {
	pub validity: TransactionValidity,
	/// That of the transaction itself, if it is valid and so is verified.
	pub own: Option<Signed>,
	/// Those of the slips that it presents, which nobody has verified yet.
	pub slips: Vec<Signed>,
}

/// A signature, by whom, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
	pub signature: sr25519::Signature,
	pub signer: sr25519::Public,
	pub message: Vec<u8>,
}

impl Signed {
	/// `None` if it is of another kind.
	fn new(signature: &Signature, signer: &AccountId, message: Vec<u8>) -> Option<Self> {
		let MultiSignature::Sr25519(signature) = signature else { return None };
		Some(Self {
			signature: *signature,
			signer: sr25519::Public::from_raw(signer.clone().into()),
			message,
		})
	}
}

/// Answers [`VALIDATE`], inside of externalities. `None` where the Wasm has to be asked.
pub fn validate(data: &[u8]) -> Option<Validated> {
	let (source, transaction, parent) = read::<(TransactionSource, UncheckedExtrinsic, Hash)>(data)?;
	let Preamble::Signed(address, signature, extension) = transaction.preamble.clone() else { return None };
	// Its mode is all that it encodes; zero is without a digest.
	if extension.8.encode() != [0] {
		return None;
	}
	let call = transaction.function.clone();
	let validity = Executive::validate_transaction(source, transaction, parent);
	let signer =
		validity.is_ok().then(|| <Runtime as frame_system::Config>::Lookup::lookup(address).ok()).flatten();
	let Some(signer) = signer else { return Some(Validated { validity, own: None, slips: Vec::new() }) };
	let mut slips = Vec::new();
	find_slips(&signer, &call, &mut slips);
	let payload = SignedPayload::new(call, extension).ok();
	let own =
		payload.and_then(|payload| Signed::new(&signature, &signer, payload.using_encoded(<[u8]>::to_vec)));
	Some(Validated { validity, own, slips })
}

/// The signatures of the slips that a call of this account presents, also as a proxy of somebody, or in a batch.
fn find_slips(who: &AccountId, call: &RuntimeCall, found: &mut Vec<Signed>) {
	match call {
		RuntimeCall::Exchange(pallet_exchange::Call::present_slips { slips }) => {
			let Some(merchant) = Institutions::id_of(who) else { return };
			found.extend(slips.iter().filter_map(|slip| {
				let (payer, legs) = (slip.payer.clone(), slip.legs.clone());
				let message = Exchange::slip(merchant, payer, slip.order, slip.price, legs, slip.until);
				Signed::new(&slip.signature, &slip.payer, message)
			}));
		},
		RuntimeCall::Utility(
			pallet_utility::Call::batch { calls }
			| pallet_utility::Call::batch_all { calls }
			| pallet_utility::Call::force_batch { calls },
		) => calls.iter().for_each(|call| find_slips(who, call, found)),
		RuntimeCall::Proxy(pallet_proxy::Call::proxy { real, call, .. }) => {
			if let Ok(real) = <Runtime as frame_system::Config>::Lookup::lookup(real.clone()) {
				find_slips(&real, call, found);
			}
		},
		_ => (),
	}
}
