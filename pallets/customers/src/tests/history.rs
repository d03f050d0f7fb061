//! Random histories: the invariants hold after each step, no person spends more than its limit in a window, net of
//! what came back, nobody's limit, quota or age changes by what others do, nothing is at stake that a bond does not
//! cover, and recoveries neither make nor lose value.

use super::mock::*;
use crate::{Customer, PersonId, Persons, Recoveries};
use hanse_primitives::{AssetId, Balance, InstitutionId, Moment, Quotas};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_keyring::Sr25519Keyring;
use std::{cell::RefCell, collections::BTreeMap};

/// What happens, to a person's key by number.
#[derive(Clone, Copy, Debug)]
enum Act {
	Register(InstitutionId, usize, u8, bool),
	Unregister(usize),
	Dismiss(InstitutionId, usize),
	Forget(usize),
	Join(usize, usize),
	GiveBack(usize, Balance),
	Idle,
	Spend(usize, Balance),
	Take(usize, u32),
	Recover(InstitutionId, usize, usize, AssetId),
	Complete(usize),
	Object(usize),
	Withdraw(InstitutionId, usize),
	Sign(usize),
	Hold(usize, AssetId, Balance),
	Pass(Moment),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = || 0..PEOPLE.len();
	let institution = || BANK..=CAFE;
	let act = prop_oneof![
		6 => (institution(), who(), 1u8..4, prop::bool::weighted(0.8))
			.prop_map(|(i, who, tag, consent)| Act::Register(i, who, tag, consent)),
		1 => who().prop_map(Act::Unregister),
		2 => (institution(), who()).prop_map(|(i, who)| Act::Dismiss(i, who)),
		1 => who().prop_map(Act::Forget),
		3 => (who(), who()).prop_map(|(guest, host)| Act::Join(guest, host)),
		3 => (0..8usize, 0..=LIMIT).prop_map(|(nth, value)| Act::GiveBack(nth, value)),
		1 => Just(Act::Idle),
		6 => (who(), 0..=LIMIT).prop_map(|(who, value)| Act::Spend(who, value)),
		2 => (who(), 0..4u32).prop_map(|(who, calls)| Act::Take(who, calls)),
		8 => (institution(), who(), who(), 0..5u32).prop_map(|(i, o, n, v)| Act::Recover(i, o, n, v)),
		6 => who().prop_map(Act::Complete),
		1 => who().prop_map(Act::Object),
		1 => (institution(), who()).prop_map(|(i, who)| Act::Withdraw(i, who)),
		1 => who().prop_map(Act::Sign),
		4 => (who(), 0..5u32, 0..=BOND / 2).prop_map(|(who, v, value)| Act::Hold(who, v, value)),
		5 => (1..=DELAY).prop_map(Act::Pass),
	];
	prop::collection::vec(act, 100)
}

/// A payment that went through, with what has not come back of it.
struct Payment {
	payer: usize,
	person: PersonId,
	window: Moment,
	moment: Moment,
	left: Balance,
}

fn key(who: usize) -> Sr25519Keyring {
	PEOPLE[who]
}

fn person_of(who: usize) -> Option<PersonId> {
	registration(key(who)).map(|registration| registration.person())
}

/// Does it, if it can be done.
fn perform(act: Act, paid: &mut Vec<Payment>) -> bool {
	match act {
		Act::Register(institution, who, n, consent) => {
			register_with(institution, key(who), tag(n), consent).is_ok()
		},
		Act::Unregister(who) => unregister(key(who)).is_ok(),
		Act::Dismiss(institution, who) => dismiss(institution, key(who)).is_ok(),
		Act::Forget(who) => forget(key(who)).is_ok(),
		Act::Join(guest, host) => join(key(guest), key(host)).is_ok(),
		Act::Spend(payer, value) => {
			let Ok(window) = spend(key(payer), value) else { return false };
			let person = person_of(payer).unwrap();
			paid.push(Payment { payer, person, window, moment: now(), left: value });
			true
		},
		Act::GiveBack(nth, value) => {
			let mut open = paid.iter_mut().rev().filter(|payment| payment.left > 0);
			let Some(payment) = open.nth(nth) else { return false };
			let value = value.min(payment.left);
			payment.left -= value;
			give_back(key(payment.payer), value, payment.window);
			true
		},
		Act::Take(who, calls) => {
			let account = id(key(who));
			let has = Customers::has_quota(&account, calls) == Some(true);
			if has {
				Customers::use_quota(&account, calls);
			}
			has
		},
		Act::Recover(institution, old, new, vintage) => {
			recover(institution, key(old), key(new), [vintage]).is_ok()
		},
		Act::Complete(who) => complete(key(who)).is_ok(),
		Act::Object(who) => Customers::object_to_recovery(signed(key(who))).is_ok(),
		Act::Withdraw(institution, who) => {
			Customers::withdraw_recovery(by(institution), id(key(who))).is_ok()
		},
		Act::Sign(who) => {
			signs(key(who));
			true
		},
		Act::Hold(who, vintage, value) => {
			hold(key(who), vintage, value);
			true
		},
		Act::Pass(duration) => {
			pass(duration);
			true
		},
		Act::Idle => {
			pass_idly(0);
			true
		},
	}
}

/// Whose limit, quota or age an act may change, besides giving back, which only raises what is left.
fn concerns(act: Act, who: usize) -> bool {
	match act {
		Act::Register(_, account, ..)
		| Act::Unregister(account)
		| Act::Dismiss(_, account)
		| Act::Forget(account)
		| Act::Join(account, _) => who == account,
		Act::Spend(account, _) | Act::Take(account, _) => person_of(who) == person_of(account),
		Act::Complete(old) => {
			let new = recovery(key(old)).map(|recovery| recovery.new);
			who == old || new == Some(id(key(who)))
		},
		Act::Pass(_) => true,
		Act::GiveBack(..)
		| Act::Recover(..)
		| Act::Object(_)
		| Act::Withdraw(..)
		| Act::Sign(_)
		| Act::Hold(..)
		| Act::Idle => false,
	}
}

/// What somebody may do, whatever the number of accounts it counts with.
fn read(who: usize) -> Option<Customer> {
	Customers::customer(id(key(who))).map(|customer| Customer { accounts: 0, ..customer })
}

fn total(keys: &[Sr25519Keyring]) -> Balance {
	keys.iter().flat_map(|key| held(*key)).map(|(_, value)| value).sum()
}

/// Of what was spent in a window that runs, all counts that has not come back.
fn check_limits(paid: &[Payment]) {
	let mut spent = BTreeMap::<(PersonId, Moment), Balance>::new();
	for payment in paid.iter().filter(|payment| now() < payment.window + WINDOW) {
		*spent.entry((payment.person, payment.window)).or_default() += payment.left;
	}
	for ((id, window), value) in spent {
		let person = Persons::<Test>::get(id).filter(|person| person.window == window);
		let counted = person.map(|person| person.spent).unwrap_or_default();
		assert!(value <= counted && counted <= LIMIT, "{value} spent, {counted} counted");
	}
	// Windows tumble, so any stretch as long as one touches two of them at most.
	for Payment { person, moment, .. } in paid {
		let stretch = *moment..*moment + WINDOW;
		let of_person = paid.iter().filter(|other| other.person == *person);
		let within: Balance =
			of_person.filter(|other| stretch.contains(&other.moment)).map(|other| other.left).sum();
		assert!(within <= 2 * LIMIT, "{person:?} spent {within} within a window's time");
	}
}

fn play(acts: Vec<Act>, done: &mut BTreeMap<String, u32>) {
	let mut paid = Vec::new();
	for act in acts {
		// Each in a block of its own.
		pass(1);
		let (before, reads) = (total(&PEOPLE), [0, 1, 2, 3, 4].map(read));
		let concerned = [0, 1, 2, 3, 4].map(|who| concerns(act, who));
		if perform(act, &mut paid) {
			let name = format!("{act:?}").split('(').next().unwrap().to_string();
			*done.entry(name).or_default() += 1;
		}
		Customers::do_try_state().unwrap();
		if !matches!(act, Act::Hold(..)) {
			assert_eq!(total(&PEOPLE), before, "{act:?} made or lost value");
		}
		for who in (0..PEOPLE.len()).filter(|who| !concerned[*who]) {
			let (was, is) = (&reads[who], read(who));
			let raised = |was: &Customer, is: &Customer| Customer { left: is.left.max(was.left), ..*was };
			let expected = match (was, &is) {
				(Some(was), Some(is)) if matches!(act, Act::GiveBack(..)) => Some(raised(was, is)),
				_ => *was,
			};
			assert_eq!(is, expected, "{act:?} changed what somebody else may do");
		}
		for institution in BANK..=CAFE {
			assert!(at_stake(institution).1 <= BOND);
		}
		for (_, person) in Persons::<Test>::iter() {
			assert!(person.spent <= LIMIT && person.sponsored <= QUOTA);
		}
		for (_, recovery) in Recoveries::<Test>::iter() {
			assert!(recovery.due <= recovery.ends);
		}
		check_limits(&paid);
	}
	// Once everybody has left, nothing stays but the ways from lost accounts, which end by their successors.
	for key in PEOPLE {
		let _ = unregister(key);
	}
	pass_idly(400 * hanse_primitives::DAY + 1);
	for key in PEOPLE {
		let _ = complete(key);
	}
	for key in PEOPLE {
		let _ = forget(key);
	}
	pass_idly(2 * hanse_primitives::DAY);
	assert_eq!(kept(), 0);
}

#[test]
fn no_history_breaks_a_rule() {
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) };
	let done = RefCell::new(BTreeMap::new());
	TestRunner::new(config)
		.run(&acts(), |acts| {
			run(|| play(acts, &mut done.borrow_mut()));
			Ok(())
		})
		.unwrap();
	// Not a test of refusals only.
	let done = done.into_inner();
	println!("{done:?}");
	let often = |act: &str| done.get(act).copied().unwrap_or_default();
	for (act, least) in [
		("Register", 300),
		("Spend", 250),
		("GiveBack", 70),
		("Join", 10),
		("Unregister", 50),
		("Dismiss", 10),
		("Forget", 30),
		("Take", 100),
		("Recover", 30),
		("Complete", 5),
	] {
		assert!(often(act) >= least, "{act}: {}", often(act));
	}
}
