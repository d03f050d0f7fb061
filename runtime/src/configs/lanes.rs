//! Whose calls have which part of a block, beside those that institutions pay for.

use crate::*;
use frame_support::dispatch::DispatchClass;
use hanse_primitives::Activity;
use pallet_clearing::DepositRole;
use pallet_institutions::Status;
use pallet_sponsorship::MemberCalls;

/// How often calls are unwrapped at most, and calls of one batch at most that are checked, since looking costs
/// time before anybody has paid. Batches are not checked within batches.
const MAX_DEPTH: u32 = 3;
const MAX_BATCH: usize = 64;

/// Members, their delegates by `pallet-proxy` and `pallet-multisig`, and the officers whom they appointed.
pub struct AllianceCalls;

impl MemberCalls<AccountId, RuntimeCall> for AllianceCalls {
	fn member_count() -> u32 {
		pallet_collective::Members::<Runtime>::decode_len().unwrap_or(0) as u32
	}

	fn is_member_call(who: &AccountId, call: &RuntimeCall) -> bool {
		every_part(who, call, MAX_DEPTH, &|who, call| is_member(who) || is_officer(who, call))
	}

	fn is_governance_call(who: &AccountId, call: &RuntimeCall) -> bool {
		is_decided(call) || every_part(who, call, MAX_DEPTH, &|who, call| is_motion(call) && votes(who))
	}

	fn note_activity(who: &AccountId, call: &RuntimeCall) {
		if is_member(who) {
			// Its nonce says so.
			return;
		}
		every_part(who, call, MAX_DEPTH, &|account, call| {
			let is_member = is_member(account);
			if is_member {
				Institutions::note_activity(account);
				let weight = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1);
				System::register_extra_weight_unchecked(weight, DispatchClass::Normal);
			}
			is_member || is_officer(account, call)
		});
	}
}

/// Whether `is` holds of every call that `call` signed by `who` makes, each with the account for which it is made;
/// or of the whole.
fn every_part(
	who: &AccountId,
	call: &RuntimeCall,
	depth: u32,
	is: &impl Fn(&AccountId, &RuntimeCall) -> bool,
) -> bool {
	use pallet_multisig::Call::{approve_as_multi, as_multi, as_multi_threshold_1, cancel_as_multi};
	use pallet_utility::Call::{batch, batch_all, force_batch};
	if is(who, call) {
		return true;
	}
	let Some(depth) = depth.checked_sub(1) else { return false };
	match call {
		RuntimeCall::Proxy(pallet_proxy::Call::proxy { real, force_proxy_type, call }) => {
			let real = configs::delegation::proxied(who, real, *force_proxy_type, call);
			real.is_some_and(|real| every_part(&real, call, depth, is))
		},
		RuntimeCall::Multisig(as_multi { threshold, other_signatories, call, .. }) => {
			every_part(&together(who, other_signatories, *threshold), call, depth, is)
		},
		RuntimeCall::Multisig(as_multi_threshold_1 { other_signatories, call }) => {
			every_part(&together(who, other_signatories, 1), call, depth, is)
		},
		RuntimeCall::Multisig(
			approve_as_multi { threshold, other_signatories, .. }
			| cancel_as_multi { threshold, other_signatories, .. },
		) => is(&together(who, other_signatories, *threshold), call),
		RuntimeCall::Utility(batch { calls } | batch_all { calls } | force_batch { calls }) => {
			let is_batch = |call: &RuntimeCall| matches!(call, RuntimeCall::Utility(_));
			(1..=MAX_BATCH).contains(&calls.len())
				&& calls.iter().all(|call| !is_batch(call) && every_part(who, call, depth, is))
		},
		_ => false,
	}
}

/// The account of all signatories together.
fn together(who: &AccountId, others: &[AccountId], threshold: u16) -> AccountId {
	let mut all = others.to_vec();
	let place = all.binary_search(who).unwrap_or_else(|place| place);
	all.insert(place, who.clone());
	Multisig::multi_account_id(&all, threshold)
}

/// Those that have been admitted, until they have gone.
fn is_member(who: &AccountId) -> bool {
	use hanse_primitives::Members;
	let status = Institutions::id_of(who)
		.and_then(pallet_institutions::Institutions::<Runtime>::get)
		.map(|institution| institution.status);
	status.is_some_and(|status| !matches!(status, Status::Applied | Status::Left))
}

/// The agent, the auditor and supervisors, each with the calls of its office.
fn is_officer(who: &AccountId, call: &RuntimeCall) -> bool {
	match call {
		RuntimeCall::Clearing(_) => [DepositRole::Agent, DepositRole::Auditor]
			.into_iter()
			.any(|role| pallet_clearing::RoleHolders::<Runtime>::get(role).as_ref() == Some(who)),
		RuntimeCall::Supervision(_) => {
			pallet_supervision::Supervisors::<Runtime>::get().iter().any(|one| one.account == *who)
		},
		_ => false,
	}
}

fn votes(who: &AccountId) -> bool {
	pallet_collective::Members::<Runtime>::get().binary_search(who).is_ok()
}

/// By which the members decide.
fn is_motion(call: &RuntimeCall) -> bool {
	use pallet_collective::Call;
	matches!(call, RuntimeCall::Alliance(Call::propose { .. } | Call::vote { .. } | Call::close { .. }))
}

/// The one operational call that is taken from anybody: the new runtime whose hash the members have authorised.
fn is_decided(call: &RuntimeCall) -> bool {
	use codec::Encode as _;
	use sp_runtime::traits::Hash as _;
	let RuntimeCall::System(frame_system::Call::apply_authorized_upgrade { code }) = call else {
		return false;
	};
	// Its accessor is not in the Wasm, but its encoding begins with the hash.
	System::authorized_upgrade()
		.is_some_and(|upgrade| upgrade.encode().starts_with(BlakeTwo256::hash(code).as_bytes()))
}
