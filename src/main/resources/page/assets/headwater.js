// Updates the page when lanes change, opens the dialogs of decisions, and lets keys label requests.
(() => {
  'use strict';

  const main = document.getElementById('main');
  const live = document.getElementById('live');
  const NAME = 'headwater.name';
  let timer = 0;
  let isWaiting = false;

  function show(state) {
    if (live.textContent !== state) {
      live.textContent = state;
      live.dataset.state = state;
    }
  }

  function isPlaying() {
    return [...document.querySelectorAll('audio')].some((sound) => !sound.paused);
  }

  // What a person does in a dialog or listens to is not disturbed, and a page that nobody sees is not updated.
  function isBusy() {
    return document.hidden || document.querySelector('dialog[open]') !== null || isPlaying();
  }

  function update() {
    timer = 0;
    isWaiting = isBusy();
    if (!isWaiting) {
      htmx.trigger(document.body, 'changed');
    }
  }

  function updateSoon() {
    if (!timer) {
      timer = setTimeout(update, 600);
    }
  }

  function updateIfWaiting() {
    if (isWaiting) {
      updateSoon();
    }
  }

  if (main && main.dataset.events) {
    const events = new EventSource(main.dataset.events);
    events.addEventListener('lane', updateSoon);
    events.addEventListener('open', () => show('live'));
    events.addEventListener('error', () => show('reconnecting'));
    document.addEventListener('visibilitychange', updateIfWaiting);
    document.addEventListener('pause', updateIfWaiting, true);
  }

  function remembered() {
    try {
      return localStorage.getItem(NAME) || '';
    } catch (e) {
      return '';
    }
  }

  function remember(name) {
    try {
      localStorage.setItem(NAME, name);
    } catch (e) {
      // It is asked for again.
    }
  }

  function decide(button) {
    const dialog = document.getElementById('decision');
    const form = dialog.querySelector('form');
    document.getElementById('decision-label').textContent = button.dataset.label;
    document.getElementById('decision-says').textContent = button.dataset.says;
    form.elements.action.value = button.dataset.decide;
    form.elements.version.value = button.dataset.version || '';
    form.elements.expected.value = button.dataset.version ? button.dataset.expected : '';
    const forgets = button.dataset.decide === 'forget';
    document.getElementById('sample-field').hidden = !forgets;
    form.elements.sample.required = forgets;
    form.elements.sample.value = '';
    form.elements.by.value = form.elements.by.value || remembered();
    open(dialog, button);
  }

  function replay(button) {
    const dialog = document.getElementById('replaying');
    const form = dialog.querySelector('form');
    document.getElementById('replaying-id').textContent = button.dataset.replay;
    form.setAttribute('hx-post', '/dead-letters/' + encodeURIComponent(button.dataset.replay) + '/replay');
    htmx.process(form);
    form.elements.by.value = form.elements.by.value || remembered();
    open(dialog, button);
  }

  function open(dialog, button) {
    dialog.dataset.from = button.id;
    dialog.showModal();
    const empty = [...dialog.querySelectorAll('input:not([type=hidden])')]
      .find((input) => !input.value && !input.closest('[hidden]'));
    if (empty) {
      empty.focus();
    }
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) {
      return;
    }
    if (button.dataset.decide) {
      decide(button);
    } else if (button.dataset.replay) {
      replay(button);
    } else if ('close' in button.dataset) {
      button.closest('dialog').close();
    }
  });

  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.addEventListener('close', () => {
      const from = document.getElementById(dialog.dataset.from);
      if (from) {
        from.focus();
      }
      updateIfWaiting();
    });
    dialog.addEventListener('htmx:afterRequest', (event) => {
      const form = dialog.querySelector('form');
      if (event.detail.successful) {
        remember(form.elements.by.value);
        if (form.elements.reason) {
          form.elements.reason.value = '';
        }
      }
      // What came of it is announced on the page, which is inert below a dialog.
      dialog.close();
    });
  }

  document.addEventListener('keydown', (event) => {
    const ask = event.target.closest && event.target.closest('.ask');
    if (ask && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const choice = ask.querySelector('button[data-key="' + CSS.escape(event.key) + '"]');
      if (choice) {
        event.preventDefault();
        const next = ask.nextElementSibling || ask.previousElementSibling;
        choice.click();
        ask.classList.add('sent');
        if (next) {
          next.focus();
        }
      }
    }
  });
})();
