//! What goes on in safe mode and under a pause, and what is not stuck afterwards.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{asset_id, Members as _, Reserves as _};
use hanse_runtime::{
	constants::UNIT, Clearing, Institutions, Rulebook, Runtime, RuntimeCall, SafeMode, System, Timestamp,
};
use pallet_clearing::Call as Clear;
use pallet_institutions::Call as Belong;
use pallet_points::Terms;
use pallet_rulebook::Rule;
use sp_core::H256;
use sp_runtime::DispatchResult;

fn in_safe_mode(act: impl FnOnce()) {
	let until = System::block_number() + 1_000_000;
	pallet_safe_mode::EnteredUntil::<Runtime>::put(until);
	act();
	pallet_safe_mode::EnteredUntil::<Runtime>::kill();
}

fn forget() -> RuntimeCall {
	pallet_customers::Call::forget {}.into()
}

#[test]
fn what_is_paused_is_not_free_so_that_nobody_fills_blocks_with_refusals() {
	run(|| {
		let ann = Wallet::new(1);
		register(AIR, &ann, 1);
		next_block();
		let name = |text: &[u8]| text.to_vec().try_into().unwrap();
		let paused = (name(b"Customers"), name(b"forget"));
		pallet_tx_pause::PausedCalls::<Runtime>::insert(&paused, ());
		assert!(
			send(ann.signs(forget())).is_err(),
			"a customer without money pays for a refusal, or it is not taken"
		);
		pallet_tx_pause::PausedCalls::<Runtime>::remove(&paused);
		assert_eq!(send(ann.signs(forget())), Ok(Ok(())));
	});
}

#[test]
fn a_customer_is_forgotten_and_objects_in_safe_mode_once_and_free() {
	run(|| {
		let sky = program(AIR, TERMS);
		let (ann, ben, thief) = (Wallet::new(1), Wallet::new(2), Wallet::new(3));
		register(BOOKS, &ben, 2);
		let (account, commitment, tag) = (ann.account(), H256::zero(), H256::repeat_byte(1));
		let until = Timestamp::get() + 60_000;
		let consent = hanse_runtime::Customers::consent(AIR, account.clone(), commitment, tag, true, until);
		let signature = ann.signs_bytes(&consent);
		let call = pallet_customers::Call::register {
			account,
			commitment,
			tag,
			may_recover: true,
			until,
			signature,
		};
		assert_ok!(dispatch(member(AIR), call));
		issue(AIR, sky, &[ann.account()], 1_000, 1);
		next_block();
		assert_ok!(dispatch(member(AIR), recovering(AIR, &ann.account(), &thief, vec![asset_id(sky, 0)])));
		in_safe_mode(|| {
			let objects = || send(ann.signs(pallet_customers::Call::object_to_recovery {}));
			assert_eq!(objects(), Ok(Ok(())));
			assert!(objects().is_err());
			assert_eq!(send(ben.signs(forget())), Ok(Ok(())));
			assert!(send(ben.signs(forget())).is_err());
		});
	});
}

#[test]
fn an_award_can_be_taken_back_in_safe_mode_while_its_clock_runs() {
	run(|| {
		let sky = program(AIR, Terms { pending: 3 * DAY, ..TERMS });
		issue(AIR, sky, &[stranger(1)], 100, 1);
		next_block();
		let cancel = || {
			let order = order(1).commitment;
			dispatch(member(AIR), pallet_points::Call::cancel_award { program: sky, order, total: 100 })
		};
		in_safe_mode(|| {
			assert_eq!(Rulebook::rules().payments_in_safe_mode, 1);
			block_at(Timestamp::get() + DAY, vec![]);
			assert_ok!(cancel());
		});
	});
}

/// Books leaves, and is gone.
fn close_books() -> DispatchResult {
	let amount = Clearing::free_reserve(BOOKS);
	assert_ok!(dispatch(member(BOOKS), Clear::draw_down { amount }));
	assert_ok!(dispatch(member(BOOKS), Belong::leave {}));
	wait((u64::from(Rulebook::rules().refund_window) + 2) * DAY);
	dispatch(stranger(9), Belong::close { institution: BOOKS })
}

#[test]
fn whoever_has_left_pays_no_fees_of_others_any_more() {
	run_on(alliance_of(6), || {
		let ann = Wallet::new(1);
		register(BOOKS, &ann, 1);
		let account = member(BOOKS);
		let join = |n: u32| pallet_customers::Call::join_accounts {
			with: stranger(n),
			until: Timestamp::get() + 60_000,
			signature: ann.signs_bytes(b"nothing"),
		};
		assert!(send(ann.signs(join(0))).is_ok(), "as long as it belongs, its customers join by its budget");
		assert_ok!(close_books());
		next_block();
		let before = money(&account);
		assert!(send(ann.signs(join(1))).is_err());
		assert_eq!(money(&account), before);
	});
}

#[test]
fn nobody_closes_while_money_waits_to_be_paid_out() {
	run_on(alliance_of(6), || {
		let account = member(BOOKS);
		assert_ok!(dispatch(account.clone(), Clear::request_payout { amount: 100 * UNIT }));
		assert_eq!(close_books(), Err(pallet_clearing::Error::<Runtime>::PositionOpen.into()));
		assert_ok!(dispatch(account.clone(), Clear::cancel_payout { institution: BOOKS }));
		assert_ok!(dispatch(stranger(9), Belong::close { institution: BOOKS }));
		// Under its old account it begins anew.
		assert_ok!(dispatch(account.clone(), Belong::apply { profile: profile("Books Again") }));
		let id = pallet_institutions::LastInstitutionId::<Runtime>::get();
		assert_ok!(decide(&admit(id), &[1, 3, 4, 5, 6]));
		assert_ok!(dispatch(account.clone(), Clear::top_up { amount: 1_000 * UNIT }));
		assert_ok!(dispatch(account, Clear::request_payout { amount: 50 * UNIT }));
		assert!(Institutions::account(BOOKS).is_ok());
	});
}

#[test]
fn whoever_moves_an_expulsion_and_leaves_or_sleeps_does_not_delay_it() {
	let with = |drop_out: fn()| {
		run_on(alliance_of(8), || {
			let call = expel(8);
			let renew = || dispatch(stranger(1), pallet_rulebook::Call::renew { motion: hash_of(&call) });
			assert_ok!(propose(7, 6, &call));
			drop_out();
			let now = needed(&call);
			assert_eq!(now, 4);
			for who in [1, 2, 3] {
				assert_ok!(vote(who, &call, true));
			}
			assert_noop!(renew(), pallet_rulebook::Error::<Runtime>::NotOutdated);
			assert_ok!(vote(4, &call, true));
			assert!(close(1, &call).is_err());
			assert_ok!(renew());
			next_block();
			assert_ok!(decide(&call, &[1, 2, 3, 4]));
			assert!(Institutions::ensure_payable(8).is_err());
		});
	};
	with(|| {
		for who in [6, 7] {
			assert_ok!(dispatch(member(who), Belong::leave {}));
		}
	});
	with(|| put_to_sleep(&[5, 6, 7]));
}

#[test]
fn a_pause_stops_its_call_after_the_notice_and_spares_what_goes_on() {
	run_on(alliance_of(4), || {
		let pause = |pallet: &str, call: &str| -> RuntimeCall {
			let name = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
			let full_name = (name(pallet), name(call));
			let pause = pallet_tx_pause::Call::pause { full_name };
			pallet_rulebook::Call::enact { call: Box::new(pause.into()) }.into()
		};
		assert_ok!(decide(&pause("Points", "create_program"), &[1, 2, 3]));
		assert_ok!(decide(&pause("Alliance", "vote"), &[1, 2, 3]));
		wait(Rulebook::rules().notice);
		let (name, symbol) = (b"Sky".to_vec(), b"SKY".to_vec());
		let create = pallet_points::Call::create_program { name, symbol, terms: TERMS };
		assert_noop!(dispatch(member(1), create), filtered());
		// What was enacted against the votes themselves failed.
		assert_ok!(decide(&amend(Rule::Interchange, 6_000), &[1, 2, 3]));
	});
}

#[test]
fn in_safe_mode_customers_pay_if_the_rules_say_so() {
	use sp_keyring::Sr25519Keyring::Eve;
	run(|| {
		let sky = program(AIR, TERMS);
		issue(AIR, sky, &[account(Eve)], 100, 0);
		enrol(AIR, Eve);
		let pay = |number| dispatch(account(Eve), payment(BOOKS, number, UNIT / 2, &[(sky, 100)]));
		assert_ok!(decide(&pallet_safe_mode::Call::force_enter {}.into(), &[1, 2, 3]));
		assert_ok!(pay(1));
		assert_ok!(decide(&amend(Rule::PaymentsInSafeMode, 0), &[1, 2, 3]));
		wait(Rulebook::rules().notice);
		assert_noop!(pay(2), filtered());
	});
}

#[test]
fn safe_mode_stops_money_and_not_the_members_and_ends_by_vote() {
	run_on(alliance_of(4), || {
		let transfer = || {
			let dest = sp_runtime::MultiAddress::Id(applicant(1));
			let call = pallet_balances::Call::transfer_keep_alive { dest, value: UNIT };
			dispatch(applicant(0), call)
		};
		assert_ok!(transfer());
		assert_ok!(decide(&pallet_safe_mode::Call::force_enter {}.into(), &[1, 2, 3]));
		assert!(SafeMode::is_entered());
		assert_noop!(transfer(), filtered());
		// Nobody falls overdue because of it.
		assert_ok!(dispatch(member(1), pallet_clearing::Call::top_up { amount: UNIT }));
		assert_noop!(dispatch(member(1), pallet_clearing::Call::draw_down { amount: UNIT }), filtered());
		// Time goes on, members vote and join, authorities come and go.
		next_block();
		let fifth = join(applicant(2), "Elbe Bank", &[1, 2, 3]);
		silent_authorities(&[3, 4]);
		assert_ok!(decide(&restart(), &[1, 2, fifth]));
		assert_ok!(decide(&pallet_safe_mode::Call::force_exit {}.into(), &[1, 2, 3]));
		assert_ok!(transfer());
	});
}
