//! The three people who live here. Everybody has the password `demo`.

/// One of the demo people.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) username: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) family_name: &'static str,
    pub(crate) picture: &'static [u8],
}

pub(crate) const PASSWORD: &str = "demo";

pub(crate) const PEOPLE: [Person; 3] = [
    Person {
        username: "ada",
        given_name: "Ada",
        family_name: "Moreno",
        picture: include_bytes!("../assets/ada.png"),
    },
    Person {
        username: "grace",
        given_name: "Grace",
        family_name: "Okafor",
        picture: include_bytes!("../assets/grace.png"),
    },
    Person {
        username: "linus",
        given_name: "Linus",
        family_name: "Bergström",
        picture: include_bytes!("../assets/linus.png"),
    },
];

impl Person {
    /// The person with this user name, if there is one.
    pub(crate) fn named(username: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.username == username)
    }

    /// The number of a person's account, from 1; 0 for somebody else.
    pub(crate) fn number_of(username: &str) -> usize {
        let mut people = PEOPLE.iter();
        people
            .position(|person| person.username == username)
            .map_or(0, |position| position + 1)
    }

    /// The person who signs in with this name and password.
    ///
    /// A name is taken as people type it: with a space around it, with a
    /// capital. The password is not a secret: it is printed on the page.
    pub(crate) fn checked(username: &str, password: &str) -> Option<&'static Self> {
        let person = Self::named(&username.trim().to_lowercase())?;
        (password == PASSWORD).then_some(person)
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    pub(crate) fn email(&self) -> String {
        format!("{}@example.com", self.username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_small_png_files() {
        for person in &PEOPLE {
            assert!(
                person.picture.starts_with(b"\x89PNG"),
                "{}",
                person.username
            );
            assert!(person.picture.len() < 6 * 1024, "{}", person.username);
        }
    }

    #[test]
    fn a_name_with_a_capital_and_a_space_is_the_same_person() {
        assert_eq!(
            Person::checked(" Ada ", "demo").map(|person| person.username),
            Some("ada")
        );
        assert!(Person::checked("ada", "Demo").is_none());
        assert!(Person::checked("nobody", "demo").is_none());
    }
}
