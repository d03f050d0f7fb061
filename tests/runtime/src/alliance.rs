//! Alliances of any size, and what their members decide.

use crate::chain::*;
use codec::Encode;
use frame_support::{dispatch::GetDispatchInfo, weights::Weight};
use hanse_primitives::{InstitutionId, VoteRequirement};
use hanse_runtime::{
	configs::motions::votes,
	constants::{MOTION_DURATION, UNIT},
	genesis_presets::{self, Founder},
	AccountId, Institutions, Rulebook, Runtime, RuntimeCall, RuntimeEvent, System, Timestamp,
};
use pallet_collective::Event;
use pallet_institutions::{LastSeen, ProfileDraft};
use pallet_rulebook::Rule;
use pallet_supervision::Target;
use sp_core::{ed25519, sr25519, H256};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError, DispatchResult,
};

/// A chain of `n` founders, all of them authorities, by the standard rules, and of people with money:
/// [`applicant`] 0 to 7.
pub fn alliance_of(n: u8) -> sp_io::TestExternalities {
	let founder = |i: u8| Founder {
		name: format!("Founder {i}"),
		account: AccountId::new([i; 32]),
		reserve: 25_000 * UNIT,
		aura: sr25519::Public::from([100 + i; 32]).into(),
		grandpa: ed25519::Public::from([200 + i; 32]).into(),
	};
	let rich = (0..8).map(|i| (applicant(i), 100_000 * UNIT)).collect();
	from_patch(genesis_presets::alliance((1..=n).map(founder).collect(), rich).to_string().as_bytes())
}

/// The same of any number of founders, of whom the first four are authorities.
pub fn large_alliance(n: u16) -> sp_io::TestExternalities {
	let key = |name: &str, i: u16| (name, i).using_encoded(sp_io::hashing::blake2_256);
	let founder = |i: u16| Founder {
		name: format!("Founder {i}"),
		account: AccountId::new(key("account", i)),
		reserve: 25_000 * UNIT,
		aura: sr25519::Public::from(key("aura", i)).into(),
		grandpa: ed25519::Public::from(key("grandpa", i)).into(),
	};
	let mut patch = genesis_presets::alliance((1..=n).map(founder).collect(), vec![]);
	for (pallet, authorities) in [("authorities", "operators"), ("session", "keys")] {
		patch[pallet][authorities].as_array_mut().unwrap().truncate(4);
	}
	from_patch(patch.to_string().as_bytes())
}

/// From now on members issue as much as they like in a day.
pub fn let_grow() {
	use pallet_rulebook::{CurrentRules, LatestVersion, Versions};
	CurrentRules::<Runtime>::mutate(|rules| rules.growth_floor = 1_000_000 * UNIT);
	Versions::<Runtime>::mutate_extant(LatestVersion::<Runtime>::get(), |it| {
		it.rules = CurrentRules::<Runtime>::get()
	});
}

/// Somebody with money enough for a bond, on a chain of [`alliance_of`].
pub fn applicant(i: u8) -> AccountId {
	AccountId::new([50 + i; 32])
}

/// What an institution calls itself.
pub fn profile(name: &str) -> ProfileDraft {
	ProfileDraft { name: name.as_bytes().to_vec(), document: H256::zero() }
}

pub fn admit(institution: InstitutionId) -> RuntimeCall {
	pallet_institutions::Call::admit { institution }.into()
}

pub fn expel(institution: InstitutionId) -> RuntimeCall {
	pallet_institutions::Call::expel { institution }.into()
}

/// Members in force.
pub fn seats() -> u32 {
	pallet_collective::Members::<Runtime>::get().len() as u32
}

/// The ayes that `call` needs today.
pub fn needed(call: &RuntimeCall) -> u32 {
	majority_for(call).unwrap().ayes
}

/// What `call` needs today, if it can be put to a vote.
pub fn majority_for(call: &RuntimeCall) -> Option<VoteRequirement> {
	Rulebook::majority_for(call.clone())
}

/// A day on which these members sign, and on which nobody hears of others: their nodes are not looked at.
pub fn day_of(signing: &[InstitutionId]) {
	signing.iter().for_each(|id| System::inc_account_nonce(member(*id)));
	let others: Vec<_> = LastSeen::<Runtime>::iter()
		.filter(|(account, presence)| !presence.again && presence.nonce == System::account_nonce(account))
		.collect();
	wait(DAY);
	for (account, presence) in others {
		if LastSeen::<Runtime>::contains_key(&account) {
			LastSeen::<Runtime>::insert(account, presence);
		}
	}
}

/// These members were silent for as long as it takes to sleep.
pub fn put_to_sleep(silent: &[InstitutionId]) {
	for id in silent {
		let nonce = System::account_nonce(member(*id));
		let presence = pallet_institutions::Presence { nonce, last_seen: 0, motion: u32::MAX, again: false };
		LastSeen::<Runtime>::insert(member(*id), presence);
	}
}

/// How many members are awake.
pub fn awake() -> u32 {
	pallet_collective::Members::<Runtime>::get().iter().filter(|who| Institutions::is_awake(who)).count()
		as u32
}

/// Whether `ayes` can get `call` through with any threshold that they choose.
pub fn carries(call: &RuntimeCall, ayes: &[InstitutionId]) -> bool {
	(0..=seats()).any(|threshold| {
		use frame_support::storage::{with_transaction, TransactionOutcome};
		with_transaction(|| -> TransactionOutcome<Result<bool, DispatchError>> {
			let before = System::events().len();
			let done = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Alliance(Event::Executed { .. }));
			let _ = propose(ayes[0], threshold, call);
			for who in ayes {
				let _ = vote(*who, call, true);
			}
			let _ = close(ayes[0], call);
			TransactionOutcome::Rollback(Ok(System::events().iter().skip(before).any(|r| done(&r.event))))
		})
		.unwrap()
	})
}

/// The authorities of which these made no block in the session that ended last.
pub fn silent_authorities(silent: &[InstitutionId]) {
	let set = pallet_authorities::Roster::<Runtime>::get();
	let blocks = set.into_iter().map(|(id, _)| (id, u32::from(!silent.contains(&id)))).collect::<Vec<_>>();
	pallet_authorities::LastRoster::<Runtime>::put(frame_support::BoundedVec::truncate_from(blocks));
}

pub fn hash_of(call: &RuntimeCall) -> H256 {
	BlakeTwo256::hash_of(call)
}

fn send(who: InstitutionId, call: pallet_collective::Call<Runtime>) -> DispatchResult {
	dispatch(member(who), call)
}

/// What makes a motion of `call`.
pub fn motion(threshold: u32, call: &RuntimeCall) -> pallet_collective::Call<Runtime> {
	let length_bound = call.encoded_size() as u32;
	pallet_collective::Call::propose { threshold, proposal: Box::new(call.clone().into()), length_bound }
}

/// A vote on the motion of `call`.
pub fn ballot(call: &RuntimeCall, approve: bool) -> pallet_collective::Call<Runtime> {
	pallet_collective::Call::vote { proposal: hash_of(call), index: index(call), approve }
}

/// What closes the motion of `call`.
pub fn closing(call: &RuntimeCall) -> pallet_collective::Call<Runtime> {
	pallet_collective::Call::close {
		proposal_hash: hash_of(call),
		index: index(call),
		proposal_weight_bound: call.get_dispatch_info().call_weight.saturating_add(Weight::from_parts(1, 0)),
		length_bound: call.encoded_size() as u32 + 4,
	}
}

fn index(call: &RuntimeCall) -> u32 {
	votes(&hash_of(call)).map(|votes| votes.index).unwrap_or_default()
}

pub fn propose(who: InstitutionId, threshold: u32, call: &RuntimeCall) -> DispatchResult {
	send(who, motion(threshold, call))
}

pub fn vote(who: InstitutionId, call: &RuntimeCall, approve: bool) -> DispatchResult {
	send(who, ballot(call, approve))
}

/// Closes a motion; `Ok` says what became of it, whatever it was.
pub fn close(
	who: InstitutionId,
	call: &RuntimeCall,
) -> Result<Option<DispatchResult>, sp_runtime::DispatchError> {
	let before = System::events().len();
	send(who, closing(call))?;
	Ok(System::events().into_iter().skip(before).find_map(|record| match record.event {
		RuntimeEvent::Alliance(Event::Executed { result, .. }) => Some(result),
		_ => None,
	}))
}

/// Proposes, votes with `ayes` of whom the first proposes, and closes; what the call said.
pub fn decide(call: &RuntimeCall, ayes: &[InstitutionId]) -> DispatchResult {
	propose(ayes[0], needed(call), call)?;
	ayes.iter().try_for_each(|who| vote(*who, call, true))?;
	close(ayes[0], call)?.expect("the motion has as many ayes as it needs")
}

/// Somebody whom the members appointed to halt anything, for a year.
pub fn supervisor() -> AccountId {
	use pallet_supervision::{Call, Level, Scope};
	let account = stranger(77);
	let until = Timestamp::get() + 365 * DAY;
	let call =
		Call::appoint_supervisor { account: account.clone(), level: Level::Halt, scope: Scope::All, until };
	decide(&call.into(), &[1, 2, 3]).unwrap();
	account
}

/// A supervisor halts something.
pub fn halt(by: &AccountId, target: &Target<AccountId>, length: u64) -> DispatchResult {
	let reason = H256::repeat_byte(7);
	let call = pallet_supervision::Call::halt { target: target.clone(), length, reason };
	dispatch(by.clone(), call)
}

/// Applies and is admitted by `ayes`; returns the id.
pub fn join(who: AccountId, name: &str, ayes: &[InstitutionId]) -> InstitutionId {
	dispatch(who, pallet_institutions::Call::apply { profile: profile(name) }).unwrap();
	let id = pallet_institutions::LastInstitutionId::<Runtime>::get();
	decide(&admit(id), ayes).unwrap();
	id
}

/// Blocks a second apart until `milliseconds` later; two at least.
pub fn wait(milliseconds: u64) {
	let until = Timestamp::get() + milliseconds;
	block_at(until, vec![]);
	next_block();
}

/// To amend a rule.
pub fn amend(rule: Rule, value: u128) -> RuntimeCall {
	pallet_rulebook::Call::amend { rule, value, charter: H256::repeat_byte(1) }.into()
}

/// To amend what a customer may spend, which is 1,000 units to begin with.
pub fn amend_limit(units: u128) -> RuntimeCall {
	amend(Rule::CustomerLimit, units * UNIT)
}

/// To restart finality.
pub fn restart() -> RuntimeCall {
	pallet_authorities::Call::restart_finality { best_finalised: 1, set_id: 0 }.into()
}

/// So many blocks as a motion is open, in which nothing happens.
pub fn pass_time_of_motions() {
	System::set_block_number(System::block_number() + MOTION_DURATION);
}
