/* What the pages gain with JavaScript. Without it everything still works: plain forms and links. */
(function () {
  "use strict";

  var typing = function (element) {
    return element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  };

  /* Pop-ups are <details>: close them on Escape and on a click elsewhere. */
  var closePops = function (except) {
    document.querySelectorAll("details.pop[open]").forEach(function (pop) {
      if (pop !== except) pop.removeAttribute("open");
    });
  };
  document.addEventListener("click", function (event) {
    closePops(event.target.closest("details.pop"));
  });

  /* Keys: / search, g and a letter to go, j and k in lists, Enter opens. */
  var going = false;
  var step = function (by) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-rows] tbody tr, .tasks > li"));
    if (!rows.length) return;
    var now = rows.findIndex(function (row) { return row.classList.contains("on"); });
    var next = Math.max(0, Math.min(rows.length - 1, now + by));
    if (now >= 0) rows[now].classList.remove("on");
    rows[next].classList.add("on");
    var link = rows[next].querySelector("a, button");
    if (link) link.focus();
  };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { closePops(null); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (going) {
      going = false;
      var link = document.querySelector('a[data-key="' + CSS.escape(event.key) + '"]');
      if (link) { event.preventDefault(); window.location.href = link.href; }
      return;
    }
    if (event.key === "/") {
      var box = document.getElementById("search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "g") {
      going = true;
      window.setTimeout(function () { going = false; }, 1200);
    } else if (event.key === "j") { step(1); } else if (event.key === "k") { step(-1); }
  });

  /* A form that was sent is not sent twice. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent && !form.hasAttribute("data-again")) { event.preventDefault(); return; }
    if (form.method === "post" && !form.hasAttribute("data-again")) {
      form.dataset.sent = "yes";
      window.setTimeout(function () { delete form.dataset.sent; }, 8000);
    }
  });

  /* Dropping files on the upload area is an addition to the plain file input. */
  document.querySelectorAll(".drop").forEach(function (area) {
    var input = area.querySelector("input[type=file]");
    ["dragenter", "dragover"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      area.addEventListener(name, function () { area.classList.remove("over"); });
    });
    area.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });

  /* A select marked so sends its form at once. */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });

  /* On a phone the filters start folded: the rows come first. */
  if (window.matchMedia("(max-width: 760px)").matches) {
    document.querySelectorAll(".filter-fold").forEach(function (fold) { fold.removeAttribute("open"); });
  }

  /* Large type is this browser's own wish. */
  var store = function (value) {
    try {
      if (value !== undefined) window.localStorage.setItem("hulei-large", value);
      return window.localStorage.getItem("hulei-large") === "1";
    } catch (refused) { return value === "1"; }
  };
  document.documentElement.classList.toggle("large", store());
  document.querySelectorAll("[data-large]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      document.documentElement.classList.toggle("large", store(store() ? "0" : "1"));
    });
  });

  /* A way back where there is one. */
  document.querySelectorAll("[data-back]").forEach(function (link) {
    link.hidden = window.history.length < 2;
    link.addEventListener("click", function (event) { event.preventDefault(); window.history.back(); });
  });

  /* Print buttons. */
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* An import that has ended opens its result. */
  var finished = function (root) {
    var done = root.querySelector ? root.querySelector("[data-then]") : null;
    if (done) window.location.replace(done.dataset.then);
  };
  document.addEventListener("htmx:load", function (event) {
    finished(event.target.parentNode || document);
  });
})();
