//! Random histories: the invariants hold after each step, no person spends more than its limit in a window,
//! nothing is at stake that a bond does not cover, and recoveries neither make nor lose value.

use super::mock::*;
use crate::{Persons, Recoveries};
use hanse_primitives::{AssetId, Balance, InstitutionId, Moment, Quotas};
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

/// What happens, to a person's key by number.
#[derive(Clone, Copy, Debug)]
enum Act {
	Register(InstitutionId, usize, u8, bool),
	Unregister(usize),
	Dismiss(InstitutionId, usize),
	Forget(usize),
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
		1 => (institution(), who()).prop_map(|(i, who)| Act::Dismiss(i, who)),
		1 => who().prop_map(Act::Forget),
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

/// Does it, if it can be done.
fn perform(act: Act) -> bool {
	let key = |who: usize| PEOPLE[who];
	match act {
		Act::Register(institution, who, n, consent) => {
			register_with(institution, key(who), tag(n), consent).is_ok()
		},
		Act::Unregister(who) => unregister(key(who)).is_ok(),
		Act::Dismiss(institution, who) => Customers::unregister(by(institution), id(key(who))).is_ok(),
		Act::Forget(who) => Customers::forget(signed(key(who))).is_ok(),
		Act::Spend(who, value) => spend(key(who), value).is_ok(),
		Act::Take(who, calls) => {
			let account = id(key(who));
			let has = Customers::has(&account, calls) == Some(true);
			if has {
				Customers::take(&account, calls);
			}
			has
		},
		Act::Recover(institution, old, new, vintage) => {
			recover(institution, key(old), key(new), [vintage]).is_ok()
		},
		Act::Complete(who) => complete(key(who)).is_ok(),
		Act::Object(who) => Customers::object(signed(key(who))).is_ok(),
		Act::Withdraw(institution, who) => Customers::withdraw(by(institution), id(key(who))).is_ok(),
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
	}
}

fn total(keys: &[Sr25519Keyring]) -> Balance {
	keys.iter().flat_map(|key| held(*key)).map(|(_, value)| value).sum()
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn no_history_breaks_a_rule(acts in acts()) {
		run(|| {
			// Payments that went through, by person: what the limit is about, counted independently.
			let mut paid: Vec<(u8, Moment, Balance)> = Vec::new();
			for act in acts {
				let before = total(&PEOPLE);
				let done = perform(act);
				Customers::do_try_state().unwrap();
				if !matches!(act, Act::Hold(..)) {
					assert_eq!(total(&PEOPLE), before, "{act:?} made or lost value");
				}
				if let (Act::Spend(who, value), true) = (act, done) {
					paid.push((registration(PEOPLE[who]).unwrap().tag.as_bytes()[0], now(), value));
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
			}
			// Windows tumble, so any stretch as long as one touches two of them at most.
			for (person, start, _) in &paid {
				let within: Balance = paid
					.iter()
					.filter(|(n, moment, _)| n == person && (*start..*start + WINDOW).contains(moment))
					.map(|(_, _, value)| value)
					.sum();
				assert!(within <= 2 * LIMIT, "person {person} spent {within} within a window's time");
			}
		});
	}
}
