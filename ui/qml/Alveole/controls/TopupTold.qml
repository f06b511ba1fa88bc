import QtQuick
import Alveole
import Alveole.Models

// A stage that is told: what to do with the card, or how the top-up has ended.
Column {
    id: told

    required property TopupViewModel vm

    spacing: Theme.px(28)

    StagePanel {
        width: parent.width
        tall: true
        glyph: told.vm.glyph
        headline: told.vm.headline
        detail: told.vm.detail
        tone: told.vm.tone
    }

    PlainText {
        width: parent.width
        visible: text !== ""
        text: told.vm.footnote
        color: Theme.muted
    }

    SimulatedLine {
        width: parent.width
        visible: told.vm.simulated
    }
}
