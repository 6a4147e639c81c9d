// A browser starts no worker for a page that was opened from a file: the search then runs in a hidden frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      document.body.appendChild(this.frame)
      this.inner = this.frame.contentWindow
      this.inner.document.open()
      this.inner.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      this.inner.importScripts = (...names) => names.reduce((before, name) => before.then(() => this.load(name)), Promise.resolve())
      this.inner.document.write("<!doctype html><head></head>")
      this.inner.document.close()
      this.load(url).then(() => {
        this.ready = true
        this.waiting.forEach(data => this.postMessage(data))
      })
    }

    load(name) {
      return new Promise((done, failed) => {
        const script = this.inner.document.createElement("script")
        script.onload = done
        script.onerror = failed
        script.src = name
        this.inner.document.head.appendChild(script)
      })
    }

    postMessage(data) {
      if (this.ready) this.inner.dispatchEvent(new this.inner.MessageEvent("message", { data }))
      else this.waiting.push(data)
    }

    terminate() {
      this.frame.remove()
    }
  }
}
