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
use hanse_primitives::{InstitutionId, Moment, Order, ProgramId, Tag};
use sp_runtime::{generic::Preamble, transaction_validity::TransactionSource, Weight};

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
		"TaggedTransactionQueue_validate_transaction" => return validate(data),
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

/// What the pool is told of a transaction.
fn validate(data: &[u8]) -> Option<Vec<u8>> {
	let (source, transaction, parent) = read::<(TransactionSource, UncheckedExtrinsic, Hash)>(data)?;
	let Preamble::Signed(_, _, extension) = &transaction.preamble else { return None };
	// Its mode is all that it encodes; zero is without a digest.
	if extension.8.encode() != [0] {
		return None;
	}
	Some(Executive::validate_transaction(source, transaction, parent).encode())
}
