//! Weights say the truth: what a call or hook declares covers the items that it writes, and what must
//! not grow with the number of holders does not.

use crate::{
	alliance::*,
	chain::*,
	delegation::{name_of, names},
};
use frame_support::{
	storage::storage_prefix,
	traits::{GetCallMetadata, Hooks},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::asset_id;
use hanse_runtime::{
	constants::UNIT,
	weights::{Few, Many, Measured},
	Rulebook, Runtime, RuntimeCall, RuntimeOrigin,
};
use pallet_points::{Terms, WeightInfo};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::Eve;
use std::{cell::RefCell, collections::BTreeSet};

#[path = "../../benchmarks/src/few.rs"]
mod few;

/// The prefixes of items of which there are many: maps of people, orders and moments, which are hashed by more than twox.
fn many() -> BTreeSet<Vec<u8>> {
	use frame_metadata::v16::{StorageEntryType, StorageHasher};
	let storages = crate::metadata::latest().pallets.into_iter().filter_map(|pallet| pallet.storage);
	let entries = storages.flat_map(|it| {
		let many = it.entries.into_iter().filter(|entry| match &entry.ty {
			StorageEntryType::Plain(_) => false,
			StorageEntryType::Map { hashers, .. } => {
				hashers.iter().any(|it| *it != StorageHasher::Twox64Concat)
			},
		});
		many.map(|entry| storage_prefix(it.prefix.as_bytes(), entry.name.as_bytes()).to_vec())
			.collect::<Vec<_>>()
	});
	let few = few::FEW.map(|name| {
		let (pallet, item) = name.split_once('.').expect("an item is named with its pallet");
		storage_prefix(pallet.as_bytes(), item.as_bytes()).to_vec()
	});
	entries.filter(|prefix| !few.contains(prefix)).collect()
}

/// The accounts of members, of which there are few.
fn members() -> BTreeSet<Vec<u8>> {
	let accounts = pallet_institutions::InstitutionOf::<Runtime>::iter_keys();
	accounts.map(|account| AsRef::<[u8]>::as_ref(&account).to_vec()).collect()
}

/// What it costs to write these items, with these members.
fn cost_of(changes: &[Vec<u8>], members: &BTreeSet<Vec<u8>>) -> Weight {
	thread_local!(static MANY: BTreeSet<Vec<u8>> = many());
	let is_of_member = |key: &[u8]| key.last_chunk::<32>().is_some_and(|end| members.contains(&end[..]));
	let is_many = |key: &&Vec<u8>| {
		MANY.with(|many| key.get(..32).is_some_and(|it| many.contains(it))) && !is_of_member(key)
	};
	let many = changes.iter().filter(is_many).count() as u64;
	Many::get().writes(many).saturating_add(Few::get().writes(changes.len() as u64 - many))
}

/// Dispatches `call`, signed, and compares the items that change with both of its weights.
pub fn covers(who: sp_runtime::AccountId32, call: RuntimeCall) {
	covers_from(RuntimeOrigin::signed(who), call)
}

thread_local! {
	/// The calls whose weight was compared in this test.
	static COMPARED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

fn covers_from(origin: RuntimeOrigin, call: RuntimeCall) {
	COMPARED.with_borrow_mut(|compared| compared.insert(name_of(&call)));
	let before = storage();
	let name = format!("{call:?}");
	let (declared, actual) = weigh(origin, call);
	let changes = changes(&before, &storage());
	let (items, cost) = (changes.len(), cost_of(&changes, &members()));
	assert!(items > 0, "{name} does nothing");
	assert!(cost.all_lte(actual), "{name} writes {items} items for {cost} but weighs only {actual}");
	assert!(actual.all_lte(declared), "{name} weighs more than it declares");
}

/// The pallets whose weights are ours.
const OURS: [&str; 9] = [
	"Authorities",
	"Clearing",
	"Conduct",
	"Customers",
	"Exchange",
	"Institutions",
	"Points",
	"Rulebook",
	"Supervision",
];

#[test]
fn the_weight_of_every_call_covers_what_it_writes() {
	calls_of_points_and_exchange();
	calls_of_conduct_and_supervision();
	calls_of_clearing();
	calls_of_members();
	end_of_an_outdated_motion();
	calls_about_customers();
	crate::slips::slips_of_every_kind_write_no_more_than_they_declare();
	let all = names(|call| OURS.contains(&call.get_call_metadata().pallet_name));
	assert!(all.len() > 50);
	let compared = COMPARED.with_borrow(Clone::clone);
	assert_eq!(all.difference(&compared).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn calls_of_points_and_exchange() {
	run(|| {
		let (name, symbol) = (b"Sky".to_vec(), b"SKY".to_vec());
		covers(member(AIR), pallet_points::Call::create_program { name, symbol, terms: TERMS }.into());
		let read = program(BOOKS, Terms { face_value: 2_500, ..TERMS });
		// The first award opens the vintage and makes an account.
		let issue_one = |number| pallet_points::Call::issue {
			program: 1,
			to: account(Eve),
			amount: 100,
			order: order(number),
		};
		covers(member(AIR), issue_one(0).into());
		covers(member(AIR), issue_one(1).into());
		for awards in [1, 50, 500] {
			let awards: Vec<_> = (0..awards)
				.map(|n| pallet_points::Award {
					to: stranger(1_000 * awards + n),
					amount: 10,
					order: order((1_000 * awards + n).into()).commitment,
				})
				.collect();
			let call = pallet_points::Call::issue_batch {
				program: 1,
				era: era(),
				awards: awards.try_into().unwrap(),
			};
			covers(member(AIR), call.into());
		}
		enrol(BOOKS, Eve);
		covers(account(Eve), payment(BOOKS, 1, UNIT / 4, &[(1, 100)]));
		covers(account(Eve), payment(AIR, 1, UNIT / 4, &[(1, 100)]));
		let exchange = pallet_exchange::Call::exchange { from: 1, amount: 10, to: read, min_out: 1 };
		covers(account(Eve), exchange.into());
		// Back, and what is taken now and paid later, or not.
		let (payer, value) = (account(Eve), UNIT / 10);
		let refund = |order, total| pallet_exchange::Call::refund { payer: payer.clone(), order, total };
		covers(member(BOOKS), refund(order(1), value).into());
		covers(member(BOOKS), refund(order(1), UNIT / 4).into());
		let authorize = |number| {
			let leg = pallet_exchange::Leg { program: 1, max_points: 100 };
			pallet_exchange::Call::authorize {
				merchant: BOOKS,
				order: order(number),
				price: UNIT / 4,
				legs: vec![leg].try_into().unwrap(),
			}
		};
		covers(account(Eve), authorize(11).into());
		covers(account(Eve), authorize(12).into());
		let capture =
			|last| pallet_exchange::Call::capture { payer: payer.clone(), order: order(11), value, last };
		covers(member(BOOKS), capture(false).into());
		covers(member(BOOKS), capture(true).into());
		let void = pallet_exchange::Call::void { merchant: BOOKS, payer: payer.clone(), order: order(12) };
		covers(member(BOOKS), void.into());
		let donate = pallet_points::Call::donate { program: 1, to: stranger(1), amount: 1 };
		covers(account(Eve), donate.into());
		let programs = vec![1, read].try_into().unwrap();
		covers(stranger(1), pallet_points::Call::donate_all { programs, to: stranger(2) }.into());
		// What is pending: held back, taken back, made usable by anybody, also by exchange.
		let later = Terms { pending: DAY, ..TERMS };
		covers(member(AIR), pallet_points::Call::revise_terms { program: 1, terms: later }.into());
		let star = program(AIR, later);
		let issue_later = |number| pallet_points::Call::issue {
			program: star,
			to: stranger(number),
			amount: 1,
			order: order(number.into()),
		};
		covers(member(AIR), issue_later(8_001).into());
		covers(member(AIR), issue_later(8_002).into());
		let order_of = |number| order(number).commitment;
		covers(
			member(AIR),
			pallet_points::Call::cancel_award { program: star, order: order_of(8_001), total: 1 }.into(),
		);
		let awards = (0..500)
			.map(|n| pallet_points::Award {
				to: stranger(90_000 + n),
				amount: 1,
				order: order((90_000 + n).into()).commitment,
			})
			.collect::<Vec<_>>();
		let batch = pallet_points::Call::issue_batch {
			program: star,
			era: era(),
			awards: awards.try_into().unwrap(),
		};
		covers(member(AIR), batch.into());
		let exchange = pallet_exchange::Call::exchange { from: 1, amount: 10, to: star, min_out: 1 };
		covers(account(Eve), exchange.into());
		set_time(hanse_runtime::Timestamp::get() + DAY);
		covers(account(Eve), pallet_points::Call::mature { limit: 1 }.into());
		covers(account(Eve), pallet_points::Call::mature { limit: 300 }.into());
		covers(member(AIR), pallet_clearing::Call::top_up { amount: UNIT }.into());
		covers(member(AIR), pallet_clearing::Call::draw_down { amount: UNIT }.into());
	});
}

fn calls_of_conduct_and_supervision() {
	use hanse_primitives::{Conduct as _, OffenceKind};
	use pallet_conduct::{Call as Conduct, FineId};
	use pallet_supervision::{Call as Supervision, Finding, Level, Scope, Target};
	run(|| {
		let by_vote = |call| {
			covers_from(RuntimeOrigin::from(pallet_collective::RawOrigin::Members(4, 4)), call);
		};
		let sky = program(AIR, TERMS);
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		covers(account(Eve), payment(BOOKS, 1, UNIT, &[(sky, 100)]));
		let (payer, evidence) = (account(Eve), H256::repeat_byte(1));
		let complain = Conduct::file_complaint { merchant: BOOKS, payer, order: order(1), evidence };
		covers(account(Eve), complain.into());
		covers(member(BOOKS), Conduct::answer_complaints { up_to: 1, document: evidence }.into());
		covers(member(AIR), Conduct::open_case { merchant: BOOKS, number: 1 }.into());
		by_vote(Conduct::uphold_complaint { merchant: BOOKS, number: 1 }.into());
		hanse_runtime::Conduct::record_offence(AIR, OffenceKind::Equivocation);
		by_vote(Conduct::reverse_fine { fine: FineId { member: AIR, number: 1 } }.into());

		let (watch, until) = (stranger(7), START + 300 * DAY);
		let appoint = Supervision::appoint_supervisor {
			account: watch.clone(),
			level: Level::Halt,
			scope: Scope::All,
			until,
		};
		by_vote(appoint.into());
		let ask = Supervision::request_disclosure { institution: AIR, question: evidence };
		covers(watch.clone(), ask.into());
		covers(member(AIR), Supervision::disclose { request: 1, document: evidence }.into());
		let (finding, document) = (Finding::Remark, evidence);
		covers(watch.clone(), Supervision::attest_finding { institution: AIR, finding, document }.into());
		for target in [Target::Program(sky), Target::Institution(AIR), Target::Customer(account(Eve))] {
			let halt = Supervision::halt { target: target.clone(), length: DAY, reason: evidence };
			covers(watch.clone(), halt.into());
			by_vote(Supervision::ratify_halt { target: target.clone() }.into());
			by_vote(Supervision::lift_halt { target }.into());
		}
		by_vote(Supervision::dismiss_supervisor { account: watch }.into());
	});
}

fn calls_of_clearing() {
	use pallet_clearing::{Call, DepositRole};
	use sp_keyring::Sr25519Keyring::{One, Two};
	run(|| {
		let reference = H256::repeat_byte(1);
		let grant = |limit| Call::grant_credit_line { debtor: AIR, limit };
		covers(member(BOOKS), grant(UNIT).into());
		covers(member(AIR), Call::accept_credit_line { creditor: BOOKS, limit: UNIT }.into());
		covers(account(One), Call::report_deposit { institution: AIR, amount: UNIT, reference }.into());
		covers(account(Two), Call::confirm_deposit { reference }.into());
		next_block();
		let total = pallet_balances::TotalIssuance::<Runtime>::get();
		covers(account(One), Call::attest_deposits { total }.into());
		covers(account(Two), Call::attest_deposits { total }.into());
		covers(member(AIR), Call::request_payout { amount: UNIT }.into());
		covers(account(One), Call::complete_payout { institution: AIR }.into());
		covers(member(AIR), Call::request_payout { amount: UNIT }.into());
		set_time(START + 8 * DAY);
		covers(account(Eve), Call::cancel_payout { institution: AIR }.into());
		let two_thirds = RuntimeOrigin::from(pallet_collective::RawOrigin::Members(3, 4));
		covers_from(
			two_thirds,
			Call::appoint_deposit_role { role: DepositRole::Agent, account: stranger(1) }.into(),
		);

		// What is on the line, what is set off and paid, and what is kept on a line.
		let sky = program(AIR, TERMS);
		let read = program(BOOKS, TERMS);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		issue(BOOKS, read, &[account(Eve)], 1_000, 2);
		enrol(BOOKS, Eve);
		covers(account(Eve), payment(BOOKS, 1, UNIT / 2, &[(sky, 100)]));
		covers(account(Eve), payment(BOOKS, 2, UNIT, &[(sky, 100)]));
		covers(account(Eve), payment(AIR, 3, 2 * UNIT, &[(read, 200)]));
		let leg = pallet_exchange::Leg { program: sky, max_points: 100 };
		let authorize = pallet_exchange::Call::authorize {
			merchant: BOOKS,
			order: order(4),
			price: UNIT / 2,
			legs: vec![leg].try_into().unwrap(),
		};
		covers(account(Eve), authorize.into());
		assert!(pallet_clearing::Encumbrances::<Runtime>::get(AIR).on_lines > 0);
		let (payer, value) = (account(Eve), UNIT / 4);
		covers(
			member(BOOKS),
			pallet_exchange::Call::capture { payer: payer.clone(), order: order(4), value, last: true }
				.into(),
		);
		covers(member(BOOKS), grant(0).into());
		covers(member(BOOKS), pallet_exchange::Call::refund { payer, order: order(1), total: value }.into());
	});
}

fn calls_of_members() {
	use pallet_institutions::Call;
	run_on(alliance_of(17), || {
		let by_vote = |call| {
			let seats = seats();
			covers_from(RuntimeOrigin::from(pallet_collective::RawOrigin::Members(seats, seats)), call)
		};
		for i in 0..3 {
			covers(applicant(i), Call::apply { profile: profile(&format!("Applicant {i}")) }.into());
		}
		covers(applicant(0), Call::withdraw_application {}.into());
		by_vote(Call::reject { institution: 19 }.into());
		// With as many open motions as there can be, of which those that leave have voted for each.
		for n in 1..=32 {
			let call = amendment(1_000 * UNIT + n);
			propose((n as u32).div_ceil(2), needed(&call), &call).unwrap();
			(5..=6).for_each(|who| vote(who, &call, true).unwrap());
		}
		by_vote(admit(20));
		by_vote(expel(6));
		covers(member(5), Call::update_profile { profile: profile("Another") }.into());
		covers(member(5), Call::top_up_bond { amount: UNIT }.into());
		pallet_session::NextKeys::<Runtime>::mutate(member(1), |keys| {
			pallet_session::NextKeys::<Runtime>::set(applicant(2), keys.clone())
		});
		covers(applicant(2), pallet_authorities::Call::operate { on: true }.into());
		covers(member(5), Call::leave {}.into());
		next_block();
		silent_authorities(&[1, 2, 3, 4, 7, 8, 9]);
		by_vote(pallet_authorities::Call::restart_finality { best_finalised: 1, set_id: 0 }.into());
		by_vote(amendment(1_100 * UNIT));
		by_vote(pallet_rulebook::Call::retract { decision: 1 }.into());
		let enactable = frame_system::Call::authorize_upgrade { code_hash: H256::zero() };
		by_vote(pallet_rulebook::Call::enact { call: Box::new(enactable.into()) }.into());
		// Both are gone after the refund window.
		wait((u64::from(Rulebook::rules().refund_window) + 1) * DAY);
		covers(applicant(0), Call::close { institution: 5 }.into());
	});
}

#[test]
fn the_weight_of_every_step_of_a_motion_covers_what_it_writes() {
	use codec::Encode;
	use frame_support::dispatch::GetDispatchInfo;
	use pallet_collective::Call;
	run_on(alliance_of(17), || {
		let (call, again) = (amendment(1_100 * UNIT), amendment(900 * UNIT));
		let steps = |call: &RuntimeCall, nays: u32| {
			let (proposal_hash, length_bound) = (hash_of(call), call.encoded_size() as u32 + 4);
			let index = pallet_collective::ProposalCount::<Runtime>::get();
			let proposal = Box::new(call.clone().into());
			covers(member(1), Call::propose { threshold: needed(call), proposal, length_bound }.into());
			for who in 1..=17 {
				let approve = who > nays;
				covers(member(who), Call::vote { proposal: proposal_hash, index, approve }.into());
			}
			let proposal_weight_bound = call.get_dispatch_info().call_weight;
			covers(
				applicant(0),
				Call::close { proposal_hash, index, proposal_weight_bound, length_bound }.into(),
			);
		};
		steps(&call, 2);
		covers(applicant(0), Call::release_proposal_cost { proposal_hash: hash_of(&call) }.into());
		steps(&again, 15);
		next_block();
		wait(DAY);
		// The same once more, in the place of its deposit.
		steps(&again, 0);
	});
}

fn end_of_an_outdated_motion() {
	run_on(alliance_of(17), || {
		let call = amendment(1_100 * UNIT);
		propose(1, needed(&call), &call).unwrap();
		put_to_sleep(&(10..=17).collect::<Vec<_>>());
		(1..=9).for_each(|who| vote(who, &call, true).unwrap());
		assert_eq!(needed(&call), 9);
		covers(applicant(0), pallet_rulebook::Call::renew { motion: hash_of(&call) }.into());
	});
}

fn amendment(value: u128) -> RuntimeCall {
	let charter = H256::repeat_byte(1);
	pallet_rulebook::Call::amend { rule: pallet_rulebook::Rule::CustomerLimit, value, charter }.into()
}

#[test]
fn the_turn_of_an_era_leaves_room_for_others_in_its_block() {
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	let turn = <Measured as pallet_institutions::WeightInfo>::lapse_applications();
	assert!(turn.ref_time() * 4 <= limits.max_block.ref_time(), "{turn}");
}

#[test]
fn a_payment_of_eight_legs_over_eight_vintages_leaves_room_for_thirty_in_a_block() {
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	let worst = <Measured as pallet_exchange::WeightInfo>::pay(8, 64);
	assert!(worst.ref_time() * 30 <= limits.max_block.ref_time(), "{worst}");
}

#[test]
fn expiring_two_thousand_holders_is_one_block_with_as_many_writes_as_expiring_one() {
	let changed_by_expiry_of = |holders: u32| {
		let mut written = Vec::new();
		run(|| {
			let sky = program(AIR, TERMS);
			let holders: Vec<_> = (0..holders).map(stranger).collect();
			issue(AIR, sky, &holders, 1, 0);
			// Up to the time's inherent, after which the expiry is booked with the first transaction; the
			// sweep belongs to the end of the block, which is another matter.
			open_block(START + 210 * DAY);
			let before = storage();
			hanse_runtime::Points::on_poll(hanse_runtime::System::block_number(), &mut WeightMeter::new());
			written = changes(&before, &storage());
			assert_eq!(pallet_points::FlowsOf::<Runtime>::get(sky).expired, holders.len() as u128);
			assert!(pallet_points::SweepQueue::<Runtime>::contains_key(asset_id(sky, 0)));
		});
		written
	};
	let one = changed_by_expiry_of(1);
	assert_eq!(changed_by_expiry_of(2_000).len(), one.len());
	// With the books of the period that ends at the same moment, and the note of who was inspected.
	let weight = Measured::expire(0) + Measured::close_period();
	assert!(cost_of(&one[1..], &BTreeSet::new()).all_lte(weight), "expiry writes {} items", one.len());
	// The weight takes no number of holders, so it cannot depend on them.
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	assert!(Measured::expire(0).ref_time() * 100 < limits.max_block.ref_time());
}

fn calls_about_customers() {
	use pallet_customers::Call;
	use sp_keyring::Sr25519Keyring::Ferdie;
	run(|| {
		let wallet = crate::wallet::Wallet::new(1);
		covers(member(AIR), wallet.consents(AIR, 1));
		covers(wallet.account(), Call::forget {}.into());
		next_block();
		covers(member(AIR), wallet.consents(AIR, 1));
		covers(wallet.account(), Call::unregister { account: wallet.account() }.into());
		next_block();
		// What it left is taken up again, and it has left other places too.
		covers(member(AIR), wallet.consents(AIR, 1));
		let host = crate::wallet::Wallet::new(2);
		crate::wallet::register(BOOKS, &host, 1);
		covers(wallet.account(), crate::wallet::joining(&wallet, &host));
		covers(wallet.account(), Call::forget {}.into());

		enrol(BOOKS, Eve);
		let programs: Vec<_> = (0..16).map(|_| program(AIR, Terms { face_value: 1, ..TERMS })).collect();
		for (number, program) in (0..).zip(&programs) {
			issue(AIR, *program, &[account(Eve)], 10, number);
		}
		let vintages: Vec<_> = programs.iter().map(|program| asset_id(*program, 0)).collect();
		let new = crate::wallet::Wallet::new(3);
		let recover = || crate::wallet::recovering(BOOKS, &account(Eve), &new, vintages.clone());
		covers(member(BOOKS), recover());
		covers(account(Eve), Call::object_to_recovery {}.into());
		covers(member(BOOKS), recover());
		covers(member(BOOKS), Call::withdraw_recovery { old: account(Eve) }.into());
		covers(member(BOOKS), recover());
		set_time(START + Rulebook::rules().recovery_delay + DAY);
		covers(account(Ferdie), Call::complete_recovery { old: account(Eve) }.into());
		assert_eq!(hanse_runtime::Assets::balance(vintages[15], new.account()), 10);
	});
}

#[test]
fn charging_a_fee_weighs_what_sponsoring_it_writes() {
	use crate::wallet::*;
	run(|| {
		let sky = program(AIR, TERMS);
		let wallet = Wallet::new(1);
		issue(AIR, sky, &[wallet.account()], 1_000, 1);
		register(AIR, &wallet, 1);
		next_block();
		let call = gift(sky, &stranger(1), 10);
		let (declared, actual) = {
			use frame_support::dispatch::GetDispatchInfo;
			let info = wallet.signs(call.clone()).get_dispatch_info();
			(info.total_weight(), info.call_weight)
		};
		open_block(hanse_runtime::Timestamp::get() + 1_000);
		let transaction = wallet.signs(call);
		let before = storage();
		hanse_runtime::Executive::apply_extrinsic(transaction).unwrap().unwrap();
		let changes = changes(&before, &storage());
		assert_eq!(sponsored().len(), 1);
		assert!(cost_of(&changes, &members()).all_lte(declared), "{} items, {declared}", changes.len());
		assert!(actual.all_lte(declared));
		hanse_runtime::Executive::finalize_block();
	});
}
