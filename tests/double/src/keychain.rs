//! A keychain in memory that can do everything that keychains do wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A keychain whose ways can be changed while it is in use. Clones are the same keychain.
///
/// It blocks as real ones do, and knows no trait of Doorkey's: whoever tests gives it the one that is needed.
#[derive(Clone, Default)]
pub struct Keychain {
    inner: Arc<Inner>,
}

/// Why a keychain does not do what it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is locked.
    Locked,
    /// The person, or the system in their name, has said no.
    Denied,
    /// There is none.
    Absent,
    /// It takes nothing more.
    Full,
    /// The item is larger than the so many bytes that it takes.
    TooLong(usize),
    /// What it holds cannot be read.
    Corrupt,
}

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    items: BTreeMap<String, Vec<u8>>,
    ways: Ways,
    calls: usize,
    changes: usize,
    under_way: usize,
    overlapped: bool,
    largest: usize,
}

/// What is wrong with it.
#[derive(Default)]
struct Ways {
    refuses: Option<Fault>,
    refuses_changes: Option<Fault>,
    /// How many changes are still done.
    changes_left: Option<usize>,
    limit: Option<usize>,
    pace: Duration,
    hangs: bool,
}

impl Keychain {
    /// An empty one that does everything right.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an item; none if there is none of the name.
    ///
    /// # Errors
    /// What it was told to do wrong.
    pub fn read(&self, item: &str) -> Result<Option<Vec<u8>>, Fault> {
        let state = self.call()?;
        Ok(state.items.get(item).cloned())
    }

    /// Creates or replaces an item.
    ///
    /// # Errors
    /// What it was told to do wrong.
    pub fn write(&self, item: &str, secret: &[u8]) -> Result<(), Fault> {
        let mut state = self.call()?;
        if let Some(limit) = state.ways.limit.filter(|limit| secret.len() > *limit) {
            return Err(Fault::TooLong(limit));
        }
        state.change()?;
        state.largest = state.largest.max(secret.len());
        state.items.insert(item.to_owned(), secret.to_vec());
        Ok(())
    }

    /// Removes an item, if there is one of the name.
    ///
    /// # Errors
    /// What it was told to do wrong.
    pub fn delete(&self, item: &str) -> Result<(), Fault> {
        let mut state = self.call()?;
        state.change()?;
        state.items.remove(item);
        Ok(())
    }

    /// Refuses everything from now on.
    pub fn refuse(&self, fault: Fault) {
        self.state().ways.refuses = Some(fault);
    }

    /// Lets itself be read from now on, and nothing else.
    pub fn refuse_changes(&self, fault: Fault) {
        self.state().ways.refuses_changes = Some(fault);
    }

    /// Does so many more changes, writes and removals, and is full then: the next one fails, and all after it.
    pub fn fill_after(&self, changes: usize) {
        self.state().ways.changes_left = Some(changes);
    }

    /// Takes items of so many bytes at most.
    pub fn limit(&self, bytes: usize) {
        self.state().ways.limit = Some(bytes);
    }

    /// Takes so long for each call.
    pub fn slow(&self, pace: Duration) {
        self.state().ways.pace = pace;
    }

    /// Answers no call until it is mended, as one that shows a question that nobody sees.
    pub fn hang(&self) {
        self.state().ways.hangs = true;
    }

    /// Does everything right again; calls that hang go on.
    pub fn mend(&self) {
        self.state().ways = Ways::default();
        self.inner.changed.notify_all();
    }

    /// Puts bytes into an item behind everybody's back, whatever is wrong with the keychain.
    pub fn put(&self, item: &str, bytes: &[u8]) {
        self.state().items.insert(item.to_owned(), bytes.to_vec());
    }

    /// What is in an item, whatever is wrong with the keychain.
    pub fn get(&self, item: &str) -> Option<Vec<u8>> {
        self.state().items.get(item).cloned()
    }

    /// Takes an item away behind everybody's back, as a person does in their keychain's own program.
    pub fn take(&self, item: &str) -> Option<Vec<u8>> {
        self.state().items.remove(item)
    }

    /// The names of all items, sorted.
    pub fn names(&self) -> Vec<String> {
        self.state().items.keys().cloned().collect()
    }

    /// How often it was asked for anything, with what success ever.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// Blocks until it has been asked so often.
    pub fn called(&self, times: usize) {
        let few = |state: &mut State| state.calls < times;
        drop(self.inner.changed.wait_while(self.state(), few));
    }

    /// How often it was changed.
    pub fn changes(&self) -> usize {
        self.state().changes
    }

    /// The size of the largest item that it ever took.
    pub fn largest(&self) -> usize {
        self.state().largest
    }

    /// Whether it was ever asked for something before it had done another thing, which some cannot bear.
    pub fn overlapped(&self) -> bool {
        self.state().overlapped
    }

    /// Begins a call: as late and with such success as it was told.
    fn call(&self) -> Result<MutexGuard<'_, State>, Fault> {
        let mut state = self.state();
        state.calls += 1;
        self.inner.changed.notify_all();
        state.overlapped |= state.under_way > 0;
        state.under_way += 1;
        let pace = state.ways.pace;
        if !pace.is_zero() {
            drop(state);
            std::thread::sleep(pace);
            state = self.state();
        }
        let waiting = self
            .inner
            .changed
            .wait_while(state, |state| state.ways.hangs);
        let mut state = waiting.unwrap_or_else(PoisonError::into_inner);
        state.under_way -= 1;
        match state.ways.refuses {
            Some(fault) => Err(fault),
            None => Ok(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.inner.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn change(&mut self) -> Result<(), Fault> {
        if let Some(fault) = self.ways.refuses_changes {
            return Err(fault);
        }
        if let Some(left) = &mut self.ways.changes_left {
            *left = left.checked_sub(1).ok_or(Fault::Full)?;
        }
        self.changes += 1;
        Ok(())
    }
}

/// Says nothing of what it holds.
impl fmt::Debug for Keychain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keychain").finish_non_exhaustive()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Locked => "The keychain is locked",
            Self::Denied => "The keychain was not allowed to answer",
            Self::Absent => "There is no keychain",
            Self::Full => "The keychain is full",
            Self::TooLong(_) => "The item is too large for the keychain",
            Self::Corrupt => "What the keychain holds cannot be read",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_it_is_given_until_it_is_told_otherwise() {
        let keychain = Keychain::new();
        assert_eq!(keychain.read("a"), Ok(None));
        assert_eq!(keychain.write("a", b"1"), Ok(()));
        for fault in [Fault::Locked, Fault::Denied, Fault::Absent, Fault::Corrupt] {
            keychain.refuse(fault);
            assert_eq!(keychain.read("a"), Err(fault));
            assert_eq!(keychain.write("a", b"2"), Err(fault));
            assert_eq!(keychain.delete("a"), Err(fault));
        }
        keychain.mend();
        keychain.refuse_changes(Fault::Denied);
        assert_eq!(keychain.write("a", b"2"), Err(Fault::Denied));
        assert_eq!(keychain.read("a"), Ok(Some(b"1".to_vec())));
        assert_eq!((keychain.calls(), keychain.changes()), (16, 1));
        assert!(!keychain.overlapped());
    }

    #[test]
    fn the_nth_change_fails_and_so_do_all_after_it() {
        let keychain = Keychain::new();
        keychain.fill_after(2);
        assert_eq!(keychain.write("a", b"1"), Ok(()));
        assert_eq!(keychain.delete("a"), Ok(()));
        for _ in 0..2 {
            assert_eq!(keychain.write("a", b"2"), Err(Fault::Full));
        }
        keychain.mend();
        keychain.limit(3);
        assert_eq!(keychain.write("a", b"1234"), Err(Fault::TooLong(3)));
        assert_eq!(keychain.write("a", b"123"), Ok(()));
        assert_eq!(keychain.largest(), 3);
    }

    #[test]
    fn a_call_hangs_until_it_is_mended_and_another_one_meanwhile_is_noticed() {
        let keychain = Keychain::new();
        keychain.hang();
        let calls = [keychain.clone(), keychain.clone()]
            .map(|keychain| std::thread::spawn(move || keychain.read("a")));
        keychain.called(2);
        assert!(calls.iter().all(|call| !call.is_finished()));
        keychain.mend();
        for call in calls {
            assert!(matches!(call.join(), Ok(Ok(None))));
        }
        assert!(keychain.overlapped());
    }
}
